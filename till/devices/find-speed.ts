/**
 * Finds how a scale speaks: tries the kinds and speeds that scales in shops have, likeliest first, until weights
 * are read twice. Rule kept: it keeps no setting; a person sees what was found and saves it. The port belongs to
 * one attempt at a time, and stopping frees it at once.
 */
import type { SpeedSearch } from '#contract/till-devices.ts';
import type { ScaleProtocolId, ScaleProtocolView, ScaleSetting, ScaleTrial } from '#contract/till-scale.ts';
import type { SerialFormatInput, WireTargetInput } from '#contract/wire-target.ts';

/** One try on the wire; see ScaleDesk.trial. */
export type TryScale = (
  setting: ScaleSetting,
  signal: AbortSignal | undefined,
) => AsyncGenerator<ScaleTrial, void, void>;

export type SpeedAttempt = { readonly protocol: ScaleProtocolId; readonly format: SerialFormatInput };

const bauds = [9600, 2400, 4800, 1200, 19_200, 38_400, 57_600, 115_200] as const;
const frames = [
  { dataBits: 8, parity: 'none', stopBits: 1 },
  { dataBits: 7, parity: 'even', stopBits: 1 },
] as const;

const keyOf = ({ protocol, format }: SpeedAttempt): string => `${protocol} ${JSON.stringify(format)}`;

/** Each kind as its maker sets it, then every other speed, the kinds that send by themselves first. */
export function speedAttempts(protocols: readonly ScaleProtocolView[]): readonly SpeedAttempt[] {
  const known = protocols.filter((one) => one.id !== 'pattern');
  const own = known.map(({ id, format }) => ({ protocol: id, format }));
  const others = [...known]
    .sort((a, b) => Number(a.isAsked) - Number(b.isAsked))
    .flatMap(({ id }) =>
      bauds.flatMap((baud) =>
        frames.map((frame) => ({ protocol: id, format: { baud, ...frame, flow: 'none' } as const })),
      ),
    );
  const seen = new Set<string>();
  return [...own, ...others].filter((attempt) => {
    const key = keyOf(attempt);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A scale sends or answers several times a second; one that was asked wrongly says nothing. */
const attemptMs = 900;
const readsNeeded = 2;

const readsOf = (trial: ScaleTrial): number => trial.lines.filter((line) => line.understood?.kind === 'weight').length;

/** A network wire has no speed: only the kinds differ. */
const withFormat = (target: WireTargetInput, format: SerialFormatInput): WireTargetInput =>
  target.kind === 'serial' ? { ...target, format } : target;

export async function* findSpeed(
  target: WireTargetInput,
  protocols: readonly ScaleProtocolView[],
  tryScale: TryScale,
  signal: AbortSignal | undefined,
): AsyncGenerator<SpeedSearch, void, void> {
  const all = speedAttempts(protocols);
  const attempts = target.kind === 'serial' ? all : all.slice(0, protocols.length - 1);
  const nameOf = (id: ScaleProtocolId): string => protocols.find((one) => one.id === id)?.name ?? id;
  for (const [i, { protocol, format }] of attempts.entries()) {
    if (signal?.aborted) return;
    const setting: ScaleSetting = { target: withFormat(target, format), protocol, pattern: null };
    const now = { nth: i + 1, total: attempts.length, name: nameOf(protocol), baud: format.baud };
    yield { ...now, found: null, isDone: false };
    const ended = AbortSignal.any([AbortSignal.timeout(attemptMs), ...(signal ? [signal] : [])]);
    for await (const trial of tryScale(setting, ended)) {
      if (readsOf(trial) >= readsNeeded) {
        yield { ...now, found: setting, isDone: true };
        return;
      }
    }
  }
  yield { nth: attempts.length, total: attempts.length, name: '', baud: 0, found: null, isDone: true };
}
