import { describe, expect, test } from 'vitest';
import { forgetForm, keepForm, keptForm } from '~/domain/account/kept-forms.server';
import { DAY } from '~/domain/clock';
import { testContext } from '../../support/context';
import { engines } from '../../support/database';

describe.each(engines)('a form kept on %s', (engine) => {
  const form = {
    path: '/cas-2027/submit',
    fields: [
      ['title', 'Тўрт дарё'],
      ['authors[0].address', 'author@there.example'],
    ] as [string, string][],
    page: '/cas-2027/submit',
    itself: true,
    button: false,
    by: null,
  };

  test('comes back to whoever has its token, for a day', async () => {
    const { db, clock } = await testContext({ engine });
    const token = await keepForm(db, clock, form);
    expect(await keptForm(db, clock, token)).toEqual(form);
    expect(await keptForm(db, clock, `${token}x`)).toBeNull();
    clock.advance(DAY);
    expect(await keptForm(db, clock, token)).toBeNull();
  });

  test('is there no more once it was done', async () => {
    const { db, clock } = await testContext({ engine });
    const [done, other] = [await keepForm(db, clock, form), await keepForm(db, clock, form)];
    await forgetForm(db, done);
    expect(await keptForm(db, clock, done)).toBeNull();
    expect(await keptForm(db, clock, other)).toEqual(form);
  });

  test('tells whoever reads the database nothing', async () => {
    const { db, clock } = await testContext({ engine });
    const token = await keepForm(db, clock, form);
    const stored = JSON.stringify(await db.selectFrom('kept_forms').selectAll().execute());
    for (const secret of ['there.example', 'authors', token]) expect(stored).not.toContain(secret);
  });
});
