/**
 * Which characters a font file has a glyph for, read from the file itself. Rule kept: a character that is not in the
 * font's own map is missing, whatever a font engine would draw in its place (a box). Reads WOFF2, as the fonts
 * are shipped. It draws nothing. Sources: W3C WOFF 2.0 §4 (header, table directory), OpenType cmap formats 4, 12.
 */
import { brotliDecompressSync } from 'node:zlib';

/** Tags by the directory's number, as far as they are told apart here (WOFF 2.0 §4.1): 0 cmap, 10 glyf, 11 loca. */
const [cmapTag, glyfTag, locaTag, ownTag] = [0, 10, 11, 63];
const cmapName = 0x63_6d_61_70;

/** UIntBase128: seven bits a byte, most significant first. */
function readBase128(file: Buffer, from: number): { readonly value: number; readonly at: number } {
  let value = 0;
  let at = from;
  for (let i = 0; i < 5; i++) {
    const byte = file[at++] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) break;
  }
  return { value, at };
}

/** The cmap table of a WOFF2 file; null when it is another kind of file, a collection or a broken one. */
function cmapOf(file: Buffer): Buffer | null {
  if (file.length < 48 || file.toString('latin1', 0, 4) !== 'wOF2' || file.toString('latin1', 4, 8) === 'ttcf') {
    return null;
  }
  let at = 48;
  let offset = 0;
  let found: { readonly offset: number; readonly length: number } | null = null;
  for (let i = 0; i < file.readUInt16BE(12); i++) {
    const flags = file[at++] ?? 0;
    const known = flags & 0x3f;
    const name = known === ownTag ? file.readUInt32BE(at) : -1;
    if (known === ownTag) at += 4;
    const original = readBase128(file, at);
    at = original.at;
    let length = original.value;
    // glyf and loca are transformed unless bits 6 and 7 say 3, every other table only when they say more than 0.
    const isTransformed = known === glyfTag || known === locaTag ? flags >> 6 !== 3 : flags >> 6 !== 0;
    if (isTransformed) {
      const transformed = readBase128(file, at);
      at = transformed.at;
      length = transformed.value;
    }
    if (known === cmapTag || name === cmapName) found = { offset, length };
    offset += length;
  }
  if (found === null) return null;
  const tables = brotliDecompressSync(file.subarray(at, at + file.readUInt32BE(20)));
  return tables.subarray(found.offset, found.offset + found.length);
}

/** Format 4: segments of 16-bit codes; a code whose glyph is 0 is missing. */
function readSegments(cmap: Buffer, at: number, chars: Set<number>): void {
  const segments = cmap.readUInt16BE(at + 6) / 2;
  const ends = at + 14;
  const starts = ends + segments * 2 + 2;
  const deltas = starts + segments * 2;
  const ranges = deltas + segments * 2;
  for (let i = 0; i < segments; i++) {
    const [first, last] = [cmap.readUInt16BE(starts + i * 2), cmap.readUInt16BE(ends + i * 2)];
    const range = cmap.readUInt16BE(ranges + i * 2);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const glyphAt = ranges + i * 2 + range + (code - first) * 2;
      const glyph = range === 0 ? code + cmap.readUInt16BE(deltas + i * 2) : cmap.readUInt16BE(glyphAt);
      if ((glyph & 0xffff) !== 0) chars.add(code);
    }
  }
}

/** Code points with a glyph of their own; null when the file can't be read. */
export function readCoverage(file: Buffer): ReadonlySet<number> | null {
  try {
    const cmap = cmapOf(file);
    if (cmap === null) return null;
    const chars = new Set<number>();
    for (let i = 0; i < cmap.readUInt16BE(2); i++) {
      const at = cmap.readUInt32BE(4 + i * 8 + 4);
      const format = cmap.readUInt16BE(at);
      if (format === 4) readSegments(cmap, at, chars);
      if (format !== 12) continue;
      for (let group = 0; group < cmap.readUInt32BE(at + 12); group++) {
        const [first, last] = [cmap.readUInt32BE(at + 16 + group * 12), cmap.readUInt32BE(at + 20 + group * 12)];
        for (let code = first; code <= last; code++) chars.add(code);
      }
    }
    return chars;
  } catch {
    // A broken file is a font without characters to whoever asks; the engine has its own say when it loads it.
    return null;
  }
}
