import { expect, test } from 'vitest';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, makeSubmission, newKey, stranger } from '../support/world';

test('every field says whether it is required, to the eye and to a screen reader', async () => {
  const portal = await openPortal({});
  const world = await makeConference(portal.ctx);
  const roles: NonNullable<Parameters<typeof makePerson>[2]>['roles'] = [
    [world, 'organiser'],
    [world, 'reviewer'],
  ];
  const all = await portal.signIn(
    await makePerson(portal.ctx, 'Olga Organiser', { roles, password: 'four words nobody guesses' }),
  );
  const author = await makePerson(portal.ctx, 'Aigul Author');
  const submitted = await makeSubmission(portal.ctx, world, author);
  const paper = await makeSubmission(portal.ctx, world, author, { state: 'published' });
  const pages = [
    [`/cas-2027/submit?key=${newKey()}`, all],
    ['/cas-2027/organise', all],
    ['/cas-2027/organise/people', all],
    ['/cas-2027/organise/choices', all],
    [`/cas-2027/review/${submitted.ref}`, all],
    [`/cas-2027/papers/${paper.ref}/message`, stranger()],
    ['/account', all],
    ['/account/security', all],
    ['/account/passkeys', all],
    ['/account/letters', all],
    ['/sign-in', stranger()],
  ] as const;
  for (const [path, as] of pages) {
    const { html } = await portal.get(path, { as });
    const fields = [
      ...html.matchAll(/<div class="field">(<label for="([^"]+)">(?:(?!<div).)*?<(?:input|select|textarea)\b[^>]*>)/gs),
    ].filter(([, , id]) => !id!.startsWith('filter-'));
    expect([path, fields.length > 0]).toEqual([path, true]);
    for (const [, field = '', id] of fields) {
      const required = /aria-required="true"/.test(field);
      const said = field.includes('(required)') ? 'required' : field.includes('(optional)') ? 'optional' : 'nothing';
      expect([path, id, said]).toEqual([path, id, required ? 'required' : 'optional']);
      // No browser is to judge the form in the server's place.
      expect(field).not.toMatch(/\srequired\b(?!\))/);
    }
  }
  const { html } = await portal.get(`/cas-2027/submit?key=${newKey()}`, { as: all });
  for (const name of ['title', 'abstract', 'formatId', 'themeId', 'authors\\[0\\]\\.name'])
    expect(html).toMatch(new RegExp(`name="${name}"[^>]*aria-required="true"`));
  expect(html).not.toMatch(/name="(?:keywords|language)"[^>]*aria-required/);
});
