import { expect, test } from 'vitest';
import { accountMark } from '~/domain/account/kept-forms.server';
import { BY_SCRIPT } from '~/http/by-script.server';
import { openPortal } from '../support/portal';
import { makeConference, makePerson, newKey } from '../support/world';

const TITLE = 'Typed by Aigul alone';

async function setUp() {
  const portal = await openPortal();
  const world = await makeConference(portal.ctx);
  const aigul = await makePerson(portal.ctx, 'Aigul Author');
  const other = await portal.signIn(await makePerson(portal.ctx, 'Other Person'));
  const path = `/cas-2027/submit?key=${newKey()}`;
  const form = (await portal.get(path, { as: other })).form('title');
  const fields = form.with({
    title: TITLE,
    formatId: world.formats[0]!.id,
    themeId: world.themes[0]!.id,
    intent: 'draft',
  });
  const send = (tag: string) => portal.post(path, fields, { as: other, headers: { [BY_SCRIPT]: tag } });
  const titles = () => portal.ctx.db.selectFrom('submission_versions').select('title').execute();
  return { portal, aigul, other, send, titles };
}

test('a form of a page that was made for somebody else waits and is not done', async () => {
  const { portal, aigul, other, send, titles } = await setUp();
  const answer = await send(accountMark(portal.ctx.config, aigul.accountId));
  expect([answer.status, answer.headers.get('x-colloquy-confirmed')]).toEqual([204, null]);
  expect(await titles()).toEqual([]);
  const to = answer.headers.get('x-colloquy-location')!;
  expect((await portal.get(to, { as: other })).text).toContain('another account');
});

test('one’s own, and one of a page that was made for nobody, is done', async () => {
  const { portal, other, send, titles } = await setUp();
  const done = await send(accountMark(portal.ctx.config, other.accountId));
  expect([done.status, done.headers.get('x-colloquy-confirmed')]).toEqual([204, '1']);
  expect(await titles()).toEqual([{ title: TITLE }]);
  expect((await send('1')).status).toBe(204);
});
