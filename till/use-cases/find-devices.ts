/**
 * The device wizard's questions: what hangs here, what is wrong with one device. Rule kept: looking sets
 * nothing; what a person chooses is set by that device's own command.
 */
import type { DeviceKind, Diagnosis } from '#contract/device-views.ts';
import type { TillContext } from '../context.ts';
import { diagnose } from '../devices/check.ts';
import { factsOf } from '../devices/facts.ts';
import { followAnswer, type Source } from '../devices/follow.ts';

export async function checkDevice(ctx: TillContext, kind: DeviceKind): Promise<Diagnosis> {
  return diagnose(await factsOf(ctx, kind, await ctx.finder.find()));
}

/** How often a device is asked while somebody looks at it: trouble is shown within two seconds (screens.md §5.11). */
const askEveryMs = 1_000;

export function followCheck(
  ctx: TillContext,
  kind: DeviceKind,
  signal: AbortSignal | undefined,
): AsyncGenerator<Diagnosis, void, void> {
  const news: Source = (ring) => ctx.devices.feed.listen(ring);
  const answer = (): Promise<Diagnosis> => {
    if (kind === 'printer' || kind === 'drawer') ctx.spool.look();
    return checkDevice(ctx, kind);
  };
  return followAnswer(answer, [ctx.finder.watch, news], askEveryMs, signal);
}
