/**
 * Code pages of receipt printers as data: which character each byte above 127 prints. Rule kept: a text either
 * has every character in the page or it is not text for this printer; nothing is ever turned into '?'
 * silently. Sources: IBM code page 437, Microsoft Windows code page 1252 and 858 tables.
 */
export type CodePageName = 'cp437' | 'cp858' | 'wpc1252';

/** Bytes 128–255 in order; '\uFFFD' where a page has none. */
const upper: Readonly<Record<CodePageName, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp858:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  wpc1252:
    '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
};

/** Characters that mean the same in ASCII and take the same room: no need to draw a picture for them. */
const sameInAscii: ReadonlyMap<string, string> = new Map([
  ['−', '-'],
  ['–', '-'],
  ['—', '-'],
  ['‐', '-'],
  ['‑', '-'],
  ['‘', "'"],
  ['’', "'"],
  ['“', '"'],
  ['”', '"'],
  ['×', 'x'],
  ['\u00a0', ' '],
  ['\u2009', ' '],
  ['\u202f', ' '],
]);

const byteOf: Readonly<Record<CodePageName, ReadonlyMap<string, number>>> = {
  cp437: indexed('cp437'),
  cp858: indexed('cp858'),
  wpc1252: indexed('wpc1252'),
};
function indexed(name: CodePageName): ReadonlyMap<string, number> {
  return new Map([...upper[name]].map((char, i) => [char, 0x80 + i] as const).filter(([char]) => char !== '\uFFFD'));
}

/** The bytes of `text` in the page; null when the page lacks one of its characters. Control characters count as lacking. */
export function encodeText(text: string, page: CodePageName): readonly number[] | null {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const byte = code >= 0x20 && code < 0x7f ? code : byteOf[page].get(char);
    const same = byte ?? sameInAscii.get(char)?.charCodeAt(0);
    if (same === undefined) return null;
    bytes.push(same);
  }
  return bytes;
}

const upperChars: Readonly<Record<CodePageName, readonly string[]>> = {
  cp437: [...upper.cp437],
  cp858: [...upper.cp858],
  wpc1252: [...upper.wpc1252],
};
/** The character that a byte ≥ 32 prints; '\uFFFD' where the page has none. */
export const decodeByte = (byte: number, page: CodePageName): string =>
  byte < 0x80 ? String.fromCharCode(byte) : (upperChars[page][byte - 0x80] ?? '\uFFFD');

/** ESC t n of the pages above on the printers that follow Epson's numbering. */
export const epsonPages: ReadonlyMap<number, CodePageName> = new Map([
  [0, 'cp437'],
  [16, 'wpc1252'],
  [19, 'cp858'],
]);
