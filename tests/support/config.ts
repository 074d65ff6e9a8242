import { type Config, parseConfig } from '~/config.server';

/** The settings of a portal under test. */
export function testConfig(env: Record<string, string> = {}): Config {
  return parseConfig({
    NODE_ENV: 'test',
    ORIGIN: 'https://portal.example',
    MAIL_FROM: 'portal@mail.portal.example',
    REPLY_DOMAIN: 'mail.portal.example',
    SECRET_KEY: 'a secret of the tests that nobody else knows 123',
    LOG_LEVEL: 'debug',
    ...env,
  });
}
