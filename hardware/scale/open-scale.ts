/**
 * Opens the scale of a setting on its wire and keeps it: looked for until it is closed, found again when it was
 * pulled. Rule kept: opening never fails for a cable; only a bad pattern is refused. The scale itself is make-scale.ts.
 */
import { ok, type Result } from '#core/result.ts';
import type { WireTarget } from '../wire/wire.ts';
import type { PatternFault } from './guarded-pattern.ts';
import { keptLink } from './kept-link.ts';
import { makeScale } from './make-scale.ts';
import type { PatternProfile } from './pattern.ts';
import type { Scale } from './port.ts';
import { type KnownProtocolId, protocolOf } from './protocols.ts';

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
        const link = keptLink(setting.target, events);
        return { send: (bytes) => void link.send(bytes), close: link.close };
      },
    }),
  );
}
