/**
 * Desks of what stands on a counter besides the printer: scanner, scale, pole display, drawer, label printer. Rule
 * kept: each is its emulator in hardware/ and a few hands; nothing of a protocol is here.
 */
import { milli } from '#core/quantity.ts';
import { startDisplayEmulator } from '#hardware/display/emulator.ts';
import { startDrawerEmulator } from '#hardware/drawer/emulator.ts';
import { drawerPulses, type DrawerPulse } from '#hardware/drawer/pulse.ts';
import { startLabelEmulator } from '#hardware/label/emulator-server.ts';
import { emulatedScales, type EmulatedScaleId } from '#hardware/scale/emulator-replies.ts';
import { startScaleEmulator } from '#hardware/scale/emulator.ts';
import { scannerEnds, type ScannerEnds, startScannerEmulator } from '#hardware/scanner/emulator.ts';
import { bitmapToPng, type Bitmap } from '#hardware/text/bitmap.ts';
import { openCable, type Place } from './cable.ts';
import { type Control, type Desk, type DeskView, makeLog } from './desk.ts';

/** A kind of the device, as the command line names it; the first is the usual one. */
export const kindsOf = {
  scanner: scannerEnds,
  scale: Object.keys(emulatedScales) as readonly EmulatedScaleId[],
  display: ['pole'],
  drawer: Object.keys(drawerPulses) as readonly DrawerPulse[],
  label: ['tspl', 'zpl'],
} as const;
export type CounterDevice = keyof typeof kindsOf;

const noPaper = { papers: [], paper: (): null => null } as const;
const button = (id: string, key: string, label: string, press: () => void): Control => ({
  kind: 'button',
  id,
  key,
  label,
  press,
});
const gs = '\u001d';

export async function openScannerDesk(place: Place, ends: ScannerEnds): Promise<Desk> {
  const cable = await openCable(place);
  const log = makeLog();
  const scanner = startScannerEmulator({ wire: cable.end, ends });
  let last = 'nothing scanned yet';
  const scan = (code: string): void => {
    if (code === '') return;
    last = code.replaceAll(gs, ' <GS> ');
    void scanner.scan(code);
    log.add(`scanned ${last}`);
  };
  const examples = [
    { label: 'A biscuit, EAN-13 8901725181222', value: '8901725181222' },
    { label: 'An 8-digit code 96385074', value: '96385074' },
    { label: 'GS1: batch and expiry', value: `]d201089017251812221727033110AB123${gs}2142` },
    { label: 'A UPI QR (no goods)', value: 'upi://pay?pa=shop@upi&pn=Shop&am=120.00' },
    { label: 'A code nobody knows', value: '8906002480012' },
  ];
  const half = (): void => {
    void scanner.send(new TextEncoder().encode('89017251'));
    log.add('half a code, no end');
  };
  return {
    title: `Barcode scanner (ends: ${ends})`,
    place: cable.place,
    controls: [
      { kind: 'text', id: 'scan', label: 'Type or paste a code, Enter scans it', examples, send: scan },
      button('half', 'h', 'Half a code', half),
      button('cut', 'c', 'Pull its cable', cable.cut),
    ],
    onChange: log.onChange,
    view: () => ({ state: 'ready', isTrouble: false, face: last, papers: [], log: log.lines() }),
    paper: noPaper.paper,
    close: async () => {
      await scanner.close();
      await cable.close();
    },
  };
}

export async function openScaleDesk(place: Place, protocol: EmulatedScaleId): Promise<Desk> {
  const cable = await openCable(place);
  const log = makeLog();
  const scale = startScaleEmulator({ protocol, wire: cable.end });
  let isDrifting = false;
  let isMute = false;
  const put = (kilograms: number): void => {
    scale.put(milli(Math.round(kilograms * 1_000)));
    log.changed();
  };
  const moving = setInterval(() => {
    if (scale.pan().isMoving) log.changed();
  }, 100);
  let wasMoving = false;
  const settled = setInterval(() => {
    const { isMoving } = scale.pan();
    if (wasMoving && !isMoving) log.changed();
    wasMoving = isMoving;
  }, 100);
  const drift = (): void => {
    isDrifting = !isDrifting;
    scale.drift(isDrifting ? 40 : 0);
    log.add(isDrifting ? 'the pan swings in the wind' : 'the pan is left alone');
  };
  const mute = (): void => {
    isMute = !isMute;
    scale.mute(isMute);
    log.add(isMute ? 'says nothing' : 'speaks again');
  };
  return {
    title: `Weighing scale (${protocol})`,
    place: cable.place,
    controls: [
      { kind: 'range', id: 'kg', label: 'On the pan, kg', max: 16, step: 0.005, set: put },
      button('one', '1', 'Put 1 kg on', () => put(1)),
      button('none', '0', 'Empty the pan', () => put(0)),
      button('drift', 'd', 'Swings on and on', drift),
      button('mute', 'm', 'Says nothing', mute),
      button('cut', 'c', 'Pull its cable', cable.cut),
    ],
    onChange: log.onChange,
    view: (): DeskView => {
      const { milli: weight, isMoving, isOver } = scale.pan();
      const state = isMute ? 'says nothing' : isOver ? 'too heavy' : isMoving ? 'swings' : 'stands still';
      const face = isOver ? '- - - -' : `${(weight / 1_000).toFixed(3).padStart(7)} kg`;
      return { state, isTrouble: isMute || isOver, face, papers: [], log: log.lines() };
    },
    paper: noPaper.paper,
    close: async () => {
      clearInterval(moving);
      clearInterval(settled);
      scale.close();
      await cable.close();
    },
  };
}

export async function openDisplayDesk(place: Place): Promise<Desk> {
  const cable = await openCable(place);
  const log = makeLog();
  const display = startDisplayEmulator(log.changed);
  cable.end.onData((bytes) => {
    display.take(bytes);
    log.changed();
  });
  return {
    title: 'Pole display, 2 × 20',
    place: cable.place,
    controls: [button('cut', 'c', 'Pull its cable', cable.cut)],
    onChange: log.onChange,
    view: () => {
      const unknown = display.unknown();
      const state = unknown.length === 0 ? 'ready' : `commands it does not know: ${unknown.slice(-3).join(', ')}`;
      return { state, isTrouble: unknown.length > 0, face: display.lines().join('\n'), papers: [], log: log.lines() };
    },
    paper: noPaper.paper,
    close: cable.close,
  };
}

export async function openDrawerDesk(place: Place, pulse: DrawerPulse): Promise<Desk> {
  const cable = await openCable(place);
  const log = makeLog();
  let isJammed = false;
  const drawer = startDrawerEmulator(pulse, (times) => log.add(`opened, ${times} times so far`));
  cable.end.onData(drawer.take);
  const shut = (): void => {
    drawer.shut();
    log.add('pushed shut');
  };
  const jam = (): void => {
    isJammed = !isJammed;
    drawer.jam(isJammed);
    log.add(isJammed ? 'jammed' : 'free again');
  };
  return {
    title: `Cash drawer (${pulse})`,
    place: cable.place,
    controls: [button('shut', 's', 'Push it shut', shut), button('jam', 'j', 'Jam it', jam)],
    onChange: log.onChange,
    view: () => {
      const face = drawer.isOpen()
        ? '╔═════════╗\n║  OPEN   ║\n╚═╗     ╔═╝\n  ╚═════╝'
        : '╔═════════╗\n║ closed  ║\n╚═════════╝';
      return { state: isJammed ? 'jammed' : 'ready', isTrouble: isJammed, face, papers: [], log: log.lines() };
    },
    paper: noPaper.paper,
    close: cable.close,
  };
}

const shownRows = 12;

/** Speaks over TCP only, as label printers of a shop do. */
export async function openLabelDesk(tcpPort: number, language: 'tspl' | 'zpl'): Promise<Desk> {
  const log = makeLog();
  let rows: readonly { readonly id: string; readonly row: Bitmap }[] = [];
  const state = { isPaperOut: false, isHeadOpen: false, isPaused: false };
  const printer = await startLabelEmulator({
    language,
    port: tcpPort,
    rowMs: 120,
    onRow: (row, no) => {
      rows = [{ id: String(no), row }, ...rows].slice(0, shownRows);
      log.add(`row ${no}: ${row.width} × ${row.height} dots`);
    },
  });
  const toggle = (what: keyof typeof state, on: string, off: string) => (): void => {
    state[what] = !state[what];
    printer.setState({ [what]: state[what] });
    log.add(state[what] ? on : off);
  };
  const cut = (): void => {
    printer.cutAfter(200);
    log.add('the cable goes after 200 bytes');
  };
  return {
    title: `Label printer (${language.toUpperCase()})`,
    place: `127.0.0.1:${printer.port}`,
    controls: [
      button('paper', 'p', 'Labels in / out', toggle('isPaperOut', 'labels are out', 'a new roll is in')),
      button('head', 'v', 'Head open', toggle('isHeadOpen', 'head open', 'head shut')),
      button('pause', 's', 'Pause', toggle('isPaused', 'paused', 'goes on')),
      button('cut', 'c', 'Pull cable in next job', cut),
    ],
    onChange: log.onChange,
    view: () => {
      const troubles = [
        ...(state.isPaperOut ? ['labels out'] : []),
        ...(state.isHeadOpen ? ['head open'] : []),
        ...(state.isPaused ? ['paused'] : []),
      ];
      return {
        state: troubles.length === 0 ? 'ready' : troubles.join(', '),
        isTrouble: troubles.length > 0,
        face: null,
        papers: rows.map(({ id, row }) => ({ id, widthDots: row.width, heightDots: row.height })),
        log: log.lines(),
      };
    },
    paper: (id) => {
      const found = rows.find((one) => one.id === id);
      return found === undefined ? null : bitmapToPng(found.row);
    },
    close: printer.close,
  };
}
