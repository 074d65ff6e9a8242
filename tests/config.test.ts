import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '~/config.server';

const production = {
  NODE_ENV: 'production',
  ORIGIN: 'https://colloquy.portal.com',
  SECRET_KEY: 'a secret of the tests that nobody else knows',
  SMTP_URL: 'smtp://mail.portal.com:587',
};

describe('outside production', () => {
  test.each([
    [{}, 'nothing'],
    [{ ORIGIN: 'http://localhost:3000' }, 'this machine'],
    [{ ORIGIN: 'http://127.0.0.1:3000', HOST: '127.0.0.1' }, 'its address'],
    [{ ORIGIN: 'http://[::1]:3000', HOST: '::1' }, 'its other address'],
    [{ ORIGIN: 'http://192.168.1.5:3000', HOST: '192.168.1.5' }, 'an address of the network at home'],
    [{ ORIGIN: 'http://laptop.local:3000', HOST: 'laptop' }, 'a name there'],
    [{ ORIGIN: 'https://portal.example' }, 'a name that leads nowhere'],
  ])('%j may be served: %s', (env, _) => {
    expect(parseConfig(env).production).toBe(false);
    expect(parseConfig({ ...env, NODE_ENV: 'test' }).production).toBe(false);
  });

  test.each([
    [{ ORIGIN: 'https://colloquy.portal.com' }, 'ORIGIN'],
    [{ ORIGIN: 'http://portal.org:3000' }, 'ORIGIN'],
    [{ ORIGIN: 'http://93.184.215.14:3000' }, 'ORIGIN'],
    [{ ORIGIN: 'http://[2606:2800:21f::1]' }, 'ORIGIN'],
    [{ ORIGIN: 'http://localhost.portal.com' }, 'ORIGIN'],
    [{ HOST: '0.0.0.0' }, 'HOST'],
    [{ HOST: '::' }, 'HOST'],
    [{ HOST: '93.184.215.14' }, 'HOST'],
    [{ HOST: 'portal.com' }, 'HOST'],
    [{ ORIGIN: 'https://colloquy.portal.com', HOST: '0.0.0.0' }, 'ORIGIN and HOST'],
  ])('%j stops the start with one line that names %s', (env, names) => {
    for (const NODE_ENV of ['', 'development', 'test']) {
      const start = () => parseConfig({ NODE_ENV, ...env });
      expect(start).toThrow(ConfigError);
      expect(start).toThrow(new RegExp(`^${names} can be reached by everybody, .* NODE_ENV=production$`));
    }
  });
});

test('a portal in production may be reached by everybody', () => {
  expect(parseConfig({ ...production, HOST: '0.0.0.0' })).toMatchObject({ production: true, host: '0.0.0.0' });
});
