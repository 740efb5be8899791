/**
 * Every kind of scale that the till speaks, by the id that settings keep. Rule kept: a new kind is a file with one
 * value and a line here; ids never change once shipped.
 */
import { ok, type Result } from '#core/result.ts';
import { cas22, casEcr2 } from './cas.ts';
import { continuous } from './continuous.ts';
import { dollar } from './dollar.ts';
import type { PatternFault } from './guarded-pattern.ts';
import { nci } from './nci.ts';
import { type PatternProfile, patternProtocol } from './pattern.ts';
import type { SerialFormat } from '../wire/wire.ts';
import type { ScaleProtocol } from './port.ts';
import { toledo8217 } from './toledo.ts';

export const knownProtocols = { continuous, toledo8217, casEcr2, cas22, dollar, nci } as const;
export type KnownProtocolId = keyof typeof knownProtocols;

/** The protocol of a setting; a pattern of one's own may be bad. */
export function protocolOf(
  id: KnownProtocolId | 'pattern',
  profile: PatternProfile | null,
): Result<ScaleProtocol, PatternFault> {
  if (id !== 'pattern') return ok(knownProtocols[id]);
  return patternProtocol(profile ?? { expression: '', unit: 'kg', stableText: null, ask: null });
}

/** What a person chooses from, the commonest first; one's own pattern last. */
export const scaleKinds = (): readonly {
  readonly id: KnownProtocolId | 'pattern';
  readonly name: string;
  readonly format: SerialFormat;
  readonly isAsked: boolean;
  readonly saysStable: boolean;
}[] => [
  ...(Object.keys(knownProtocols) as KnownProtocolId[]).map((id) => {
    const { name, format, ask, saysStable } = knownProtocols[id];
    return { id, name, format, isAsked: ask !== null, saysStable };
  }),
  { id: 'pattern', name: 'Own pattern (Essae, others)', format: continuous.format, isAsked: false, saysStable: false },
];
