import type { Outcome } from '#db/schema';
import type { Viewer } from '~/domain/account/viewer';
import { decisionsOn, newestOf } from '~/domain/review/decision-queries.server';
import { decide } from '~/domain/review/decisions.server';
import { submissionByRef } from '~/domain/submission/queries.server';
import type { TestContext } from './context';
import type { World } from './world';

/** What the form of a page that is read now would send. */
export async function decisionForm(ctx: TestContext, world: World, ref: string) {
  const { id, version } = (await submissionByRef(ctx.db, world.id, ref))!;
  return { base: newestOf(await decisionsOn(ctx.db, id))?.id ?? '', baseVersion: version.id as string };
}

/** Decides on what stands there now. */
export async function decideNow(
  ctx: TestContext,
  world: World,
  viewer: Viewer,
  ref: string,
  outcome: Outcome,
  options: { note?: string; intent?: 'keep' | 'apply' } = {},
) {
  const form = await decisionForm(ctx, world, ref);
  return decide(ctx, world, viewer, ref, { outcome, note: '', intent: 'apply', ...options, ...form });
}
