/**
 * The commands that the ESC/POS reader knows, as data: how many arguments, how much data, what they mean. Rule
 * kept: a command that changes nothing we draw is still listed, as 'ignored', so that its data is never
 * printed as text. Lengths are the Epson ESC/POS reference's; it decides nothing about paper.
 */
export type ReaderEvent =
  | { readonly kind: 'char'; readonly byte: number }
  | { readonly kind: 'control'; readonly name: 'lf' | 'cr' | 'tab' | 'ff' }
  | { readonly kind: 'init' }
  | { readonly kind: 'codePage'; readonly n: number }
  | { readonly kind: 'align'; readonly to: 'left' | 'center' | 'right' }
  | { readonly kind: 'bold' | 'underline' | 'reverse' | 'fontB' | 'upsideDown'; readonly isOn: boolean }
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  /** Everything of ESC ! at once. */
  | {
      readonly kind: 'mode';
      readonly isFontB: boolean;
      readonly isBold: boolean;
      readonly width: number;
      readonly height: number;
      readonly isUnderline: boolean;
    }
  /** null: back to the default. */
  | { readonly kind: 'lineSpacing'; readonly dots: number | null }
  | { readonly kind: 'charSpacing'; readonly dots: number }
  | { readonly kind: 'leftMargin' | 'printWidth' | 'moveTo' | 'moveBy'; readonly dots: number }
  | { readonly kind: 'feedDots' | 'feedLines'; readonly n: number }
  | {
      readonly kind: 'rasterStart';
      readonly stride: number;
      readonly rows: number;
      readonly scaleX: number;
      readonly scaleY: number;
    }
  | { readonly kind: 'rasterRow'; readonly row: Uint8Array }
  | { readonly kind: 'rasterEnd' }
  /** ESC *: columns of 8 or 24 dots in the line. */
  | { readonly kind: 'columnImage'; readonly mode: number; readonly data: Uint8Array }
  /** GS ( L / GS 8 L: function and its data. */
  | { readonly kind: 'graphics'; readonly fn: number; readonly data: Uint8Array }
  /** GS ( k */
  | { readonly kind: 'code2d'; readonly cn: number; readonly fn: number; readonly data: Uint8Array }
  | { readonly kind: 'barcode'; readonly type: number; readonly data: Uint8Array }
  | { readonly kind: 'barHeight' | 'barModule' | 'barText'; readonly n: number }
  | { readonly kind: 'cut'; readonly how: 'full' | 'partial'; readonly feedDots: number }
  | { readonly kind: 'pulse'; readonly pin: number; readonly onMs: number; readonly offMs: number }
  | { readonly kind: 'askStatus'; readonly n: number; readonly isRealTime: boolean }
  | { readonly kind: 'askName'; readonly n: number }
  | { readonly kind: 'autoStatus'; readonly mask: number }
  | { readonly kind: 'ignored'; readonly name: string }
  | { readonly kind: 'unknown'; readonly bytes: readonly number[] };

export type CommandSpec = {
  readonly args: number;
  /** Bytes of data after the arguments; null: can't be told yet. */
  readonly size?: (args: Uint8Array, rest: Uint8Array) => number | null;
  readonly read: (args: Uint8Array, data: Uint8Array) => ReaderEvent;
  readonly isRaster?: true;
};
export type CommandFamily =
  | { readonly kind: 'single'; readonly event: ReaderEvent }
  | { readonly kind: 'prefix'; readonly commands: ReadonlyMap<number, CommandSpec> };

const at = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;
const word = (bytes: Uint8Array, i: number): number => at(bytes, i) + at(bytes, i + 1) * 256;
const signed = (n: number): number => (n >= 0x8000 ? n - 0x1_0000 : n);
const one = (read: (n: number) => ReaderEvent): CommandSpec => ({ args: 1, read: (a) => read(at(a, 0)) });
const two = (read: (n: number) => ReaderEvent): CommandSpec => ({ args: 2, read: (a) => read(word(a, 0)) });
const none = (event: ReaderEvent): CommandSpec => ({ args: 0, read: () => event });
const ignored = (name: string, args: number): CommandSpec => ({ args, read: () => ({ kind: 'ignored', name }) });
const isOdd = (n: number): boolean => (n & 1) === 1;

/** Data up to and with a NUL; given up after 255 bytes, as printers do. */
const upToNul = (rest: Uint8Array): number | null => {
  const end = rest.indexOf(0);
  if (end >= 0 && end < 255) return end + 1;
  return rest.length >= 255 ? 255 : null;
};
const alignments = ['left', 'center', 'right'] as const;

/** ESC &: for each character a width byte and its columns. */
function userCharacters(args: Uint8Array, rest: Uint8Array): number | null {
  let size = 0;
  for (let c = at(args, 1); c <= at(args, 2); c++) {
    if (size >= rest.length) return null;
    size += 1 + at(rest, size) * at(args, 0);
  }
  return size;
}

/** FS q: n pictures, each with its own size. */
function storedPictures(args: Uint8Array, rest: Uint8Array): number | null {
  let size = 0;
  for (let i = 0; i < at(args, 0); i++) {
    if (size + 4 > rest.length) return null;
    size += 4 + word(rest, size) * word(rest, size + 2) * 8;
  }
  return size;
}

const letter = (text: string): number => text.charCodeAt(0);
const specs = (entries: readonly (readonly [string | number, CommandSpec])[]): CommandFamily => ({
  kind: 'prefix',
  commands: new Map(entries.map(([key, spec]) => [typeof key === 'string' ? letter(key) : key, spec])),
});
const ignoredAll = (prefix: string, args: number, keys: string): readonly (readonly [string, CommandSpec])[] =>
  [...keys].map((key) => [key, ignored(`${prefix} ${key}`, args)] as const);

const escape = specs([
  ['@', none({ kind: 'init' })],
  ['t', one((n) => ({ kind: 'codePage', n }))],
  ['a', one((n) => ({ kind: 'align', to: alignments[n >= 48 ? n - 48 : n] ?? 'left' }))],
  ['E', one((n) => ({ kind: 'bold', isOn: isOdd(n) }))],
  ['G', one((n) => ({ kind: 'bold', isOn: isOdd(n) }))],
  ['-', one((n) => ({ kind: 'underline', isOn: n !== 0 && n !== 48 }))],
  ['{', one((n) => ({ kind: 'upsideDown', isOn: isOdd(n) }))],
  ['M', one((n) => ({ kind: 'fontB', isOn: isOdd(n) }))],
  [
    '!',
    one((n) => ({
      kind: 'mode',
      isFontB: isOdd(n),
      isBold: (n & 8) !== 0,
      height: n & 16 ? 2 : 1,
      width: n & 32 ? 2 : 1,
      isUnderline: (n & 128) !== 0,
    })),
  ],
  [' ', one((n) => ({ kind: 'charSpacing', dots: n }))],
  ['2', none({ kind: 'lineSpacing', dots: null })],
  ['3', one((n) => ({ kind: 'lineSpacing', dots: n }))],
  ['J', one((n) => ({ kind: 'feedDots', n }))],
  ['K', one((n) => ({ kind: 'feedDots', n: -n }))],
  ['d', one((n) => ({ kind: 'feedLines', n }))],
  ['e', one((n) => ({ kind: 'feedLines', n: -n }))],
  ['$', two((dots) => ({ kind: 'moveTo', dots }))],
  ['\\', two((dots) => ({ kind: 'moveBy', dots: signed(dots) }))],
  [
    '*',
    {
      args: 3,
      size: (a) => word(a, 1) * (at(a, 0) >= 32 ? 3 : 1),
      read: (a, data) => ({ kind: 'columnImage', mode: at(a, 0), data: data.slice() }),
    },
  ],
  ['i', none({ kind: 'cut', how: 'full', feedDots: 0 })],
  ['m', none({ kind: 'cut', how: 'partial', feedDots: 0 })],
  ['p', { args: 3, read: (a) => ({ kind: 'pulse', pin: at(a, 0) & 1, onMs: at(a, 1) * 2, offMs: at(a, 2) * 2 }) }],
  ['v', none({ kind: 'askStatus', n: 4, isRealTime: false })],
  ['u', one(() => ({ kind: 'askStatus', n: 1, isRealTime: false }))],
  ['D', { args: 0, size: (_, rest) => upToNul(rest), read: () => ({ kind: 'ignored', name: 'ESC D' }) }],
  ['&', { args: 3, size: userCharacters, read: () => ({ kind: 'ignored', name: 'ESC &' }) }],
  ['(', { args: 3, size: (a) => word(a, 1), read: () => ({ kind: 'ignored', name: 'ESC (' }) }],
  ['c', ignored('ESC c', 2)],
  ['W', ignored('ESC W', 8)],
  [0x0c, ignored('ESC FF', 0)],
  ...ignoredAll('ESC', 0, 'LS'),
  ...ignoredAll('ESC', 1, '%=?RTUVrB'),
]);

/** GS ( fn pL pH: the function's letter says what the data is. */
function readExtended(args: Uint8Array, data: Uint8Array): ReaderEvent {
  const fn = String.fromCharCode(at(args, 0));
  if (fn === 'k') return { kind: 'code2d', cn: at(data, 0), fn: at(data, 1), data: data.slice(2) };
  if (fn === 'L') return { kind: 'graphics', fn: at(data, 1), data: data.slice(2) };
  return { kind: 'ignored', name: `GS ( ${fn}` };
}

const group = specs([
  ['!', one((n) => ({ kind: 'size', width: ((n >> 4) & 7) + 1, height: (n & 7) + 1 }))],
  ['B', one((n) => ({ kind: 'reverse', isOn: isOdd(n) }))],
  ['L', two((dots) => ({ kind: 'leftMargin', dots }))],
  ['W', two((dots) => ({ kind: 'printWidth', dots }))],
  ['h', one((n) => ({ kind: 'barHeight', n }))],
  ['w', one((n) => ({ kind: 'barModule', n }))],
  ['H', one((n) => ({ kind: 'barText', n: n >= 48 ? n - 48 : n }))],
  [
    'k',
    {
      args: 1,
      size: (a, rest) => (at(a, 0) <= 6 ? upToNul(rest) : rest.length === 0 ? null : 1 + at(rest, 0)),
      read: (a, data) => {
        const type = at(a, 0);
        return { kind: 'barcode', type, data: type <= 6 ? data.slice(0, -1) : data.slice(1) };
      },
    },
  ],
  [
    'v',
    {
      args: 6,
      read: () => ({ kind: 'ignored', name: 'GS v' }),
      isRaster: true,
    },
  ],
  ['(', { args: 3, size: (a) => word(a, 1), read: readExtended }],
  [
    '8',
    {
      args: 5,
      size: (a) => word(a, 1) + word(a, 3) * 0x1_0000,
      read: (_, data) => ({ kind: 'graphics', fn: at(data, 1), data: data.slice(2) }),
    },
  ],
  [
    'V',
    {
      args: 1,
      size: (a) => (at(a, 0) >= 65 ? 1 : 0),
      read: (a, data) => ({
        kind: 'cut',
        how: [0, 48, 65, 97, 103].includes(at(a, 0)) ? 'full' : 'partial',
        feedDots: at(data, 0),
      }),
    },
  ],
  ['a', one((mask) => ({ kind: 'autoStatus', mask }))],
  ['r', one((n) => ({ kind: 'askStatus', n: n % 48 === 1 ? 4 : 1, isRealTime: false }))],
  ['I', one((n) => ({ kind: 'askName', n }))],
  ['*', { args: 2, size: (a) => at(a, 0) * at(a, 1) * 8, read: () => ({ kind: 'ignored', name: 'GS *' }) }],
  ['$', ignored('GS $', 2)],
  ['\\', ignored('GS \\', 2)],
  ['P', ignored('GS P', 2)],
  ['^', ignored('GS ^', 3)],
  [
    'C',
    {
      args: 1,
      size: (a) => (at(a, 0) === 0 ? 2 : at(a, 0) === 1 ? 6 : at(a, 0) === 2 ? 2 : 0),
      read: () => ({ kind: 'ignored', name: 'GS C' }),
    },
  ],
  ['g', ignored('GS g', 4)],
  ['z', ignored('GS z', 3)],
  ...ignoredAll('GS', 0, ':c'),
  ...ignoredAll('GS', 1, '/Tbfx'),
]);

const file = specs([
  ['q', { args: 1, size: storedPictures, read: () => ({ kind: 'ignored', name: 'FS q' }) }],
  ['p', ignored('FS p', 2)],
  ['S', ignored('FS S', 2)],
  ['2', ignored('FS 2', 74)],
  ['(', { args: 3, size: (a) => word(a, 1), read: () => ({ kind: 'ignored', name: 'FS (' }) }],
  ...ignoredAll('FS', 0, '&.'),
  ...ignoredAll('FS', 1, '!-WC'),
]);

const realTime = specs([
  [0x04, one((n) => ({ kind: 'askStatus', n, isRealTime: true }))],
  [0x05, ignored('DLE ENQ', 1)],
  [0x14, ignored('DLE DC4', 3)],
]);

/** By first byte. Bytes below 0x20 that are not here are unknown, those above are text. */
export const commandTable: ReadonlyMap<number, CommandFamily> = new Map<number, CommandFamily>([
  [0x00, { kind: 'single', event: { kind: 'ignored', name: 'NUL' } }],
  [0x09, { kind: 'single', event: { kind: 'control', name: 'tab' } }],
  [0x0a, { kind: 'single', event: { kind: 'control', name: 'lf' } }],
  [0x0c, { kind: 'single', event: { kind: 'control', name: 'ff' } }],
  [0x0d, { kind: 'single', event: { kind: 'control', name: 'cr' } }],
  [0x18, { kind: 'single', event: { kind: 'ignored', name: 'CAN' } }],
  [0x10, realTime],
  [0x1b, escape],
  [0x1c, file],
  [0x1d, group],
]);
