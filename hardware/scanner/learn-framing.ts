/**
 * Learns from what came how a scanner frames its codes, for the wizard's "scan this". Rule kept: pure; it tells
 * only what the bytes show: marks around codes before pauses, since a pause is the weakest mark of all.
 */
import { learnDress, noDress } from '#core/catalogue/scan-dress.ts';
import { decodeFrame, feedBytes, feedSilence, noFrame } from './framing.ts';
import type { Framing, Scanned } from './port.ts';

/** Bytes as they came; `atMs` of any steady clock. */
export type Chunk = { readonly bytes: Uint8Array; readonly atMs: number };

/** A hand needs longer than this between two scans. */
const handMs = 250;
const plain: Omit<Framing, 'by' | 'silenceMs'> = { tabEnds: true, ...noDress, encoding: 'utf8' };

function groupsOf(chunks: readonly Chunk[]): readonly (readonly Chunk[])[] {
  const groups: Chunk[][] = [];
  for (const chunk of chunks) {
    const last = groups.at(-1)?.at(-1);
    if (last === undefined || chunk.atMs - last.atMs >= handMs) groups.push([chunk]);
    else groups.at(-1)?.push(chunk);
  }
  return groups;
}

const join = (chunks: readonly Chunk[]): Uint8Array => Uint8Array.from(chunks.flatMap(({ bytes }) => [...bytes]));

/** Plays the chunks through a framing; what is open at the end is judged as after a long silence. */
export function frameAll(chunks: readonly Chunk[], framing: Framing): readonly Scanned[] {
  let state = noFrame;
  const scans: Scanned[] = [];
  for (const { bytes, atMs } of chunks) {
    const step = feedBytes(state, bytes, atMs, framing);
    state = step.state;
    scans.push(...step.scans);
  }
  return [...scans, ...feedSilence(state, state.lastMs + framing.silenceMs, framing).scans];
}

function marksOf(groups: readonly (readonly Chunk[])[]): Pick<Framing, 'by' | 'tabEnds' | 'silenceMs'> {
  const texts = groups.map((group) => String.fromCharCode(...join(group)));
  const marked = { tabEnds: true, silenceMs: 150 };
  // oxlint-disable-next-line no-control-regex
  if (texts.every((text) => /^(?:\u0002[^\u0002\u0003]+\u0003[\r\n]*)+$/.test(text)))
    return { ...marked, by: 'stxEtx' };
  const ends = texts.map((text) => /[\r\n]+$/.test(text));
  const breaks = texts.some((text) => /[\r\n]/.test(text.replace(/[\r\n]+$/, '')));
  // Line breaks inside one scan of a hand belong to the code: only the pause behind it ends it.
  if (ends.every(Boolean) && !breaks) return { ...marked, tabEnds: false, by: 'end' };
  if (texts.every((text) => text.endsWith('\t')) && !breaks) return { ...marked, by: 'end' };
  const gaps = groups.flatMap((group) => group.slice(1).map((chunk, i) => chunk.atMs - (group[i]?.atMs ?? 0)));
  const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  return { tabEnds: false, by: 'silence', silenceMs: Math.max(30, Math.min(200, Math.ceil(longest * 3))) };
}

/**
 * How these chunks would best be framed; null while nothing whole came. `printed`: the code under the bars, where
 * somebody typed it.
 */
export function learnFraming(chunks: readonly Chunk[], printed: string | null = null): Framing | null {
  const groups = groupsOf(chunks);
  if (groups.length === 0) return null;
  const marks = marksOf(groups);
  const all = join(chunks).filter((byte) => byte !== 0x02 && byte !== 0x03);
  const encoding = decodeFrame(all, 'utf8') === null && decodeFrame(all, 'latin1') !== null ? 'latin1' : 'utf8';
  const framing: Framing = { ...plain, ...marks, encoding };
  const codes = frameAll(chunks, framing).flatMap((scan) => (scan.kind === 'code' ? [scan.code] : []));
  if (codes.length === 0) return null;
  return { ...framing, ...(learnDress(codes, printed) ?? noDress) };
}
