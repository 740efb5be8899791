/**
 * Opens the scale of a setting on its wire and keeps it: looked for until it is closed, found again when it was
 * pulled. Rule kept: opening never fails for a cable; only a bad pattern is refused. The scale itself is make-scale.ts.
 */
import { ok, type Result } from '#core/result.ts';
import { keepWire } from '../wire/keep-wire.ts';
import type { WireTarget } from '../wire/wire.ts';
import type { PatternFault } from './guarded-pattern.ts';
import { makeScale } from './make-scale.ts';
import type { PatternProfile } from './pattern.ts';
import type { Scale } from './port.ts';
import { type KnownProtocolId, protocolOf } from './protocols.ts';

const stallMs = 500;

export type ScaleTarget = {
  readonly target: WireTarget;
  readonly protocol: KnownProtocolId | 'pattern';
  readonly pattern: PatternProfile | null;
};

export function openScale(setting: ScaleTarget): Result<Scale, PatternFault> {
  const protocol = protocolOf(setting.protocol, setting.pattern);
  if (!protocol.ok) return protocol;
  return ok(
    makeScale({
      protocol: protocol.value,
      connect: (events) => {
        const wire = keepWire(setting.target, {
          onUp: events.opened,
          onData: events.data,
          onState: (state) => {
            if (state.kind === 'looking' && state.trouble !== null) events.troubled(state.trouble);
          },
        });
        // An answer that could not be asked for is asked for again with the next tick.
        return { send: (bytes) => void wire.write(bytes, stallMs), close: wire.close };
      },
    }),
  );
}
