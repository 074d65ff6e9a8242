import { describe, expect, test } from 'vitest';
import { ownLinks, TAKEN_OUT } from '~/domain/mail/own-links';
import { testConfig } from '../../support/config';
import { portalPaths } from '../../support/paths';

const config = testConfig();
const links = ownLinks(config);
const TOKEN = 'k3Jd8sLq0ZxVb2Nm7TyRw1';
const withToken = portalPaths()
  .filter((path) => path.endsWith('/:token'))
  .map((path) => path.replace(':token', TOKEN));

describe('what acts for whoever has it is taken out of what is passed on', () => {
  test('there are such paths', () => expect(withToken.length).toBeGreaterThan(3));

  test.each(withToken)('%s, whatever route comes to be', (path) => {
    for (const link of [config.origin + path, encodeURIComponent(config.origin + path), path]) {
      expect(links.isOne(link)).toBe(true);
      expect(links.without(`Look: <${link}>.`)).toBe(`Look: <${TAKEN_OUT}>.`);
    }
    expect(links.held(`Look: ${config.origin}${path}`)).toBe(true);
  });

  test.each(['/cas-2027/programme', '/cas-2027/papers/CAS-0001', '/account/letters', '/sign-in', '/sign-in/passkey'])(
    '%s stays: it acts for nobody',
    (path) => {
      const said = `See ${config.origin}${path}.`;
      expect(links.without(said)).toBe(said);
      expect(links.held(said)).toBe(false);
    },
  );
});
