/**
 * What happens to the rig's scanners: clean scans in every dress, and the bad days of rules and field reports:
 * codes that break off or break in two, ends that never come, two at once, garbage, NULs, 10,000 bytes. Rule kept:
 * each event says before it plays what must come of it; chance comes from the seed alone.
 */
import { plainWedge } from '#contract/plain-scanner.ts';
import { scanBytes, type ScannerEnds } from '#hardware/scanner/emulator.ts';
import type { Framing, Scanned } from '#hardware/scanner/port.ts';
import type { RigGoods, RigSymbol } from './scanner-goods.ts';
import {
  openRigKeyboard,
  openRigWire,
  type RigKey,
  type RigKeyboard,
  type RigWire,
  virtualClock,
} from './scanner-wires.ts';
import type { Random } from './seeded-random.ts';

export type RigEvent = {
  readonly kind: string;
  /** How many scans it counts for. */
  readonly scans: number;
  /** Goods that must be added; nothing else may be. */
  readonly goods: readonly RigSymbol[];
  /** What was scanned and broke: its own goods may come of what is left of it, never others. */
  readonly may: readonly RigSymbol[];
  /** The codes that must come out, in order; null: any but goods. */
  readonly codes: readonly string[] | null;
  readonly play: () => void;
  /** Texts left in a field and keys that acted, after it was played. */
  readonly leaked: () => number;
};

type Wire = { readonly wire: RigWire; readonly framing: Framing; readonly ends: readonly ScannerEnds[] };
type Keyboard = { readonly keyboard: RigKeyboard; readonly isSure: boolean };

const byEnd: Framing = { by: 'end', tabEnds: true, silenceMs: 150, prefixes: [], suffix: '', encoding: 'utf8' };
const payQr = [
  'upi://pay?pa=shop@upi&pn=Shop&am=45.00',
  'https://example.com/offer?id=8901',
  `00020101021226${'5'.repeat(80)}6304ABCD`,
];
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

export function makeEvents(
  shop: RigGoods,
  random: Random,
  onScan: (scanned: Scanned) => void,
  onTyped: (code: string) => void,
  isNaive: boolean,
): { readonly next: () => RigEvent; readonly cantBeTold: () => number } {
  const clock = virtualClock();
  const open = (framing: Framing, ends: readonly ScannerEnds[]): Wire => ({
    wire: openRigWire(framing, clock, onScan, isNaive),
    framing,
    ends,
  });
  const wires: readonly Wire[] = [
    open(byEnd, ['cr', 'lf', 'crlf', 'tab']),
    open({ ...byEnd, by: 'stxEtx' }, ['stxEtx']),
    open({ ...byEnd, by: 'silence', silenceMs: 30 }, ['none', 'cr', 'crlf']),
  ];
  const keyboards: readonly Keyboard[] = [
    { keyboard: openRigKeyboard(null, clock, onTyped), isSure: false },
    { keyboard: openRigKeyboard({ ...plainWedge, gapMs: 30 }, clock, onTyped), isSure: true },
  ];
  const [endWire, stxWire, quietWire] = wires as readonly [Wire, Wire, Wire];

  /** Bytes in chunks as a driver hands them over, a few milliseconds apart. */
  const send = ({ wire }: Wire, bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) {
      const size = random.isLikely(0.5) ? bytes.length - at : 1 + random.below(16);
      wire.send(bytes.subarray(at, at + size));
      at += size;
      clock.pass(random.below(8));
    }
  };
  const bytesOf = ({ ends }: Wire, code: string): Uint8Array => scanBytes(code, random.pick(ends));
  const keysOf = (code: string): readonly RigKey[] =>
    [...code].map((text) => ({ text, isEnd: false, isCommand: /[CUDKNP*/+-]/.test(text) && random.isLikely(0.5) }));
  const enter: RigKey = { text: null, isEnd: true, isCommand: true };
  const chord: RigKey = { text: null, isEnd: false, isCommand: true };
  const type = ({ keyboard }: Keyboard, keys: readonly RigKey[]): void => {
    for (const key of keys) {
      keyboard.press(key);
      clock.pass(1 + random.below(12));
    }
  };
  /** A hand needs more than a second from one scan to the next. */
  const handMs = (): number => 1_050 + random.below(1_500);
  const nothing = (): number => 0;
  const event = (
    kind: string,
    codes: readonly string[] | null,
    goods: readonly RigSymbol[],
    play: () => void,
    more: { readonly scans?: number; readonly leaked?: () => number; readonly may?: readonly RigSymbol[] } = {},
  ): RigEvent => ({
    kind,
    scans: more.scans ?? 1,
    goods,
    codes,
    play: () => {
      play();
      clock.pass(handMs());
    },
    may: more.may ?? [],
    leaked: more.leaked ?? nothing,
  });
  /** A wedge event leaves the field as it was and presses nothing. */
  const typedEvent = (
    kind: string,
    codes: readonly string[] | null,
    goods: readonly RigSymbol[],
    by: Keyboard,
    play: () => void,
    may: readonly RigSymbol[] = [],
  ): RigEvent => {
    const text = random.pick(['', '', 'su', '12', 'चीनी']);
    let acted = 0;
    return event(
      kind,
      codes,
      goods,
      () => {
        acted = by.keyboard.acted();
        by.keyboard.setField(text);
        play();
      },
      { leaked: () => (by.keyboard.field() === text ? 0 : 1) + (by.keyboard.acted() - acted), may },
    );
  };

  /** What a wire can carry: a code framed by silence may hold no line end at its end, which none does. */
  const anySymbol = (): RigSymbol => random.pick(shop.symbols);
  const anyWire = (): Wire => random.pick(wires);
  const anyKeyboard = (): Keyboard => random.pick(keyboards);
  const cut = (text: string, least: number): number => least + random.below(Math.max(1, text.length - 1 - least));
  const whole = new Set(shop.symbols.map((symbol) => symbol.printed));
  /**
   * Where nothing marks the end of a code, a piece that is another item's whole code can't be told from it by
   * anybody (docs/hardware.md): such a cut is drawn again, and counted.
   */
  const blindCut = (text: string, least: number): number => {
    for (;;) {
      const at = cut(text, least);
      if (!whole.has(text.slice(0, at))) return at;
      cantBeTold += 1;
    }
  };
  let cantBeTold = 0;

  const clean = (): RigEvent => {
    const symbol = anySymbol();
    if (random.isLikely(0.5)) {
      const on = anyWire();
      return event('clean', [symbol.printed], [symbol], () => send(on, bytesOf(on, symbol.printed)));
    }
    const by = anyKeyboard();
    const head = random.isLikely(0.2) ? [chord] : [];
    const tail = random.isLikely(0.3) ? [enter, enter] : [enter];
    return typedEvent('cleanTyped', [symbol.printed], [symbol], by, () =>
      type(by, [...head, ...keysOf(symbol.printed), ...tail]),
    );
  };
  const twoAtOnce = (): RigEvent => {
    const list = Array.from({ length: 2 + random.below(3) }, anySymbol);
    const codes = list.map((symbol) => symbol.printed);
    if (random.isLikely(0.3)) {
      const by = anyKeyboard();
      return {
        ...typedEvent('inARowTyped', codes, list, by, () =>
          type(
            by,
            codes.flatMap((code) => [...keysOf(code), enter]),
          ),
        ),
        scans: list.length,
      };
    }
    const on = random.pick([endWire, stxWire]);
    const bytes = Buffer.concat(codes.map((code) => bytesOf(on, code)));
    return event('inOneChunk', codes, list, () => send(on, bytes), { scans: list.length });
  };
  const twoScanners = (): RigEvent => {
    const [one, two] = [anySymbol(), anySymbol()];
    const [a, b] = [bytesOf(endWire, one.printed), bytesOf(stxWire, two.printed)];
    return event(
      'twoScanners',
      null,
      [one, two],
      () => {
        for (let i = 0; i < Math.max(a.length, b.length); i += 3) {
          if (i < a.length) endWire.wire.send(a.subarray(i, i + 3));
          if (i < b.length) stxWire.wire.send(b.subarray(i, i + 3));
          clock.pass(1);
        }
      },
      { scans: 2 },
    );
  };
  const twoKeyboards = (): RigEvent => {
    const [one, two] = [random.pick(shop.gtins).printed, random.pick(shop.gtins).printed];
    const by = anyKeyboard();
    const mixed = [...one].flatMap((char, i) => [char, two[i] ?? '']).join('') + two.slice(one.length);
    return typedEvent('twoKeyboards', null, [], by, () => type(by, [...keysOf(mixed), enter, enter]));
  };
  const unknown = (): RigEvent => {
    const code = random.pick(shop.strangers);
    const on = anyWire();
    return event('unknown', [code], [], () => send(on, bytesOf(on, code)));
  };
  const payment = (): RigEvent => {
    const code = random.pick(payQr);
    const on = anyWire();
    return event('paymentQr', [code], [], () => send(on, bytesOf(on, code)));
  };
  const partial = (): RigEvent => {
    if (random.isLikely(0.4)) {
      const by = anyKeyboard();
      const symbol = random.pick(shop.gtins);
      const { printed } = symbol;
      const at = (by.isSure ? cut : blindCut)(printed, 4);
      return typedEvent('partialTyped', null, [], by, () => type(by, keysOf(printed.slice(0, at))), [symbol]);
    }
    const on = anyWire();
    const { printed } = on === quietWire ? random.pick(shop.gtins) : anySymbol();
    const at = (on === quietWire ? blindCut : cut)(printed, 1);
    return event('partial', on === quietWire ? null : [], [], () => {
      send(on, new TextEncoder().encode((on === stxWire ? '\u0002' : '') + printed.slice(0, at)));
    });
  };
  const inTwo = (): RigEvent => {
    if (random.isLikely(0.4)) {
      const by = anyKeyboard();
      const symbol = by.isSure ? anySymbolOf(5) : random.pick(shop.gtins);
      const { printed } = symbol;
      const at = (by.isSure ? cut : blindCut)(printed, 4);
      const play = (): void => {
        type(by, keysOf(printed.slice(0, at)));
        clock.pass(40 + random.below(700));
        type(by, [...keysOf(printed.slice(at)), enter]);
      };
      return typedEvent('inTwoTyped', null, [], by, play, [symbol]);
    }
    const on = random.pick([endWire, endWire, quietWire]);
    const symbol = on === quietWire ? random.pick(shop.gtins) : anySymbol();
    const { printed } = symbol;
    const at = (on === quietWire ? blindCut : cut)(printed, 1);
    const play = (): void => {
      send(on, new TextEncoder().encode(printed.slice(0, at)));
      clock.pass(on.framing.silenceMs + random.below(600));
      send(on, bytesOf(on, printed.slice(at)));
    };
    return event('inTwo', null, [], play, { may: [symbol] });
  };
  const anySymbolOf = (least: number): RigSymbol => {
    for (;;) {
      const symbol = anySymbol();
      if (symbol.printed.length >= least) return symbol;
    }
  };
  const noEnd = (): RigEvent => {
    const symbol = random.pick(shop.gtins);
    const by = anyKeyboard();
    return typedEvent('noEndTyped', [symbol.printed], [symbol], by, () => type(by, keysOf(symbol.printed)));
  };
  const garbage = (): RigEvent => {
    if (random.isLikely(0.3)) {
      const by = anyKeyboard();
      const text = Array.from({ length: 9 + random.below(30) }, () => random.pick(ascii)).join('');
      return typedEvent('garbageTyped', null, [], by, () => type(by, [...keysOf(text), enter]));
    }
    const on = anyWire();
    const bytes = Uint8Array.from({ length: 5 + random.below(60) }, () => random.below(256));
    return event('garbage', null, [], () => send(on, Buffer.concat([bytes, scanBytes('', random.pick(on.ends))])));
  };
  const damaged = (): RigEvent => {
    const symbol = anySymbol();
    const on = anyWire();
    const bytes = Buffer.from(bytesOf(on, symbol.printed));
    const from = on === stxWire ? 1 : 0;
    const inside = new TextEncoder().encode(symbol.printed).length;
    bytes[from + random.below(inside)] = random.pick([0x00, 0xff, 0x07, 0xc0]);
    return event('damaged', [], [], () => send(on, bytes));
  };
  const flood = (): RigEvent => {
    if (random.isLikely(0.3)) {
      const by = anyKeyboard();
      const text = random.pick(shop.gtins).printed.repeat(1_000).slice(0, 10_000);
      return typedEvent('floodTyped', [text], [], by, () => type(by, [...keysOf(text), enter]));
    }
    const on = anyWire();
    const text = anySymbol().printed.repeat(10_000).slice(0, 10_000);
    const end = random.isLikely(0.5) ? scanBytes('', random.pick(on.ends)) : new Uint8Array();
    const begin = on === stxWire ? Uint8Array.of(0x02) : new Uint8Array();
    return event('flood', [], [], () => send(on, Buffer.concat([begin, Buffer.from(text).subarray(0, 10_000), end])));
  };

  const days: readonly (readonly [number, () => RigEvent])[] = [
    [560, clean],
    [60, twoAtOnce],
    [30, twoScanners],
    [20, twoKeyboards],
    [40, unknown],
    [40, payment],
    [60, partial],
    [70, inTwo],
    [40, noEnd],
    [40, garbage],
    [38, damaged],
    [2, flood],
  ];
  const all = days.reduce((sum, [share]) => sum + share, 0);
  return {
    cantBeTold: () => cantBeTold,
    next: () => {
      let at = random.below(all);
      for (const [share, make] of days) {
        if (at < share) return make();
        at -= share;
      }
      return clean();
    },
  };
}
