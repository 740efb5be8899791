/**
 * What a key writes on a US keyboard, by its physical place and Shift. Rule kept: scanners type as US
 * keyboards, so a Hindi layout or Caps Lock on the PC changes no code. Never decides what a key means.
 */
const plain: Readonly<Record<string, string>> = {
  Space: '  ',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  NumpadDecimal: '..',
  NumpadAdd: '++',
  NumpadSubtract: '--',
  NumpadMultiply: '**',
  NumpadDivide: '//',
};
const digitShift = ')!@#$%^&*(';

/** null when the key writes nothing. */
export function usChar(code: string, shift: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  const pad = /^Numpad(\d)$/.exec(code)?.[1];
  if (pad !== undefined) return pad;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift ? (digitShift[Number(digit)] ?? null) : digit;
  return plain[code]?.[shift ? 1 : 0] ?? null;
}

/** The text of a key inside a burst: what was typed when it is plain ASCII, else what the place means. */
export function scannedChar(key: string, code: string, shift: boolean, capsLock: boolean): string | null {
  if (key.length === 1 && key >= ' ' && key <= '~') {
    const isLetter = /[A-Za-z]/.test(key);
    return isLetter && capsLock ? usChar(code, shift) : key;
  }
  return usChar(code, shift);
}

/** Ctrl chords that wedge scanners send for control characters: LF, CR and Tab end a code, GS is data. */
export function controlOf(code: string): 'terminator' | 'group' | 'ignored' | null {
  if (code === 'KeyJ' || code === 'KeyM' || code === 'KeyI') return 'terminator';
  if (code === 'BracketRight') return 'group';
  return code === 'KeyB' || code === 'KeyC' || code === 'KeyD' ? 'ignored' : null;
}
