/**
 * The receipt printer's desk: paper that grows as the head prints, and the hands that take the paper out, open the
 * cover, pull the cable. Rule kept: the printer is hardware/printer/emulator-machine.ts; this only shows it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, makeMachine } from '#hardware/printer/emulator-machine.ts';
import { drawReceipt } from '#hardware/printer/emulator-picture.ts';
import { type PrintedReceipt, printedText } from '#hardware/printer/emulator-paper.ts';
import { plugIntoPort } from '#hardware/printer/emulator-serial.ts';
import { startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { bitmapToPng } from '#hardware/text/bitmap.ts';
import { openTextRaster } from '#hardware/text/raster.ts';
import { NoCable, openPair, type Place, portTarget } from './cable.ts';
import { type Control, type Desk, makeLog } from './desk.ts';

export type PrinterDeskOptions = {
  readonly place: Place;
  readonly widthMm: 58 | 80;
  readonly mmPerSecond: number;
  readonly isMute: boolean;
  /** Receipts are kept here as PNGs too. */
  readonly out: string | null;
};

const shownReceipts = 12;
const speeds = [50, 150, 300] as const;

export async function openPrinterDesk(options: PrinterDeskOptions): Promise<Desk> {
  const raster = await openTextRaster();
  const log = makeLog();
  if (options.out !== null) mkdirSync(options.out, { recursive: true });
  let receipts: readonly { readonly id: string; readonly receipt: PrintedReceipt }[] = [];
  let printed = 0;
  let speed = options.mmPerSecond;

  const show = (receipt: PrintedReceipt): void => {
    printed += 1;
    receipts = [{ id: String(printed), receipt }, ...receipts].slice(0, shownReceipts);
    const edge = '─'.repeat(receipt.widthDots / 12);
    process.stdout.write(`${[edge, ...printedText(receipt), edge].join('\n')}\n`);
    for (const pulse of receipt.pulses) log.add(`drawer kicked (pin ${pulse.pin === 0 ? 2 : 5}, ${pulse.onMs} ms)`);
    if (receipt.unknown.length > 0) log.add(`unknown commands: ${receipt.unknown.join(' ')}`);
    log.add(`receipt ${printed}: ${Math.round(receipt.heightDots / 8)} mm`);
    if (options.out === null) return;
    const file = join(options.out, `receipt-${String(printed).padStart(4, '0')}.png`);
    writeFileSync(file, bitmapToPng(drawReceipt(receipt, raster)));
    log.add(file);
  };
  const machineOptions = {
    widthDots: options.widthMm === 58 ? 384 : 576,
    hasStatus: !options.isMute,
    mmPerSecond: speed,
    onReceipt: show,
    onChange: log.changed,
  };
  const { machine, place, close } = await plug(machineOptions, options.place);

  const change = (what: Parameters<Machine['setState']>[0], words: string): void => {
    machine.setState(what);
    log.add(words);
  };
  const controls: readonly Control[] = [
    { kind: 'button', id: 'paper', key: 'p', label: 'Paper in / out', press: () => togglePaper() },
    {
      kind: 'button',
      id: 'low',
      key: 'l',
      label: 'Roll near its end',
      press: () => change({ paper: 'low' }, 'the roll is near its end'),
    },
    {
      kind: 'button',
      id: 'cover',
      key: 'v',
      label: 'Cover',
      press: () => toggle('isCoverOpen', 'cover open', 'cover shut'),
    },
    { kind: 'button', id: 'offline', key: 'o', label: 'Offline', press: () => toggle('isOnline', 'online', 'offline') },
    {
      kind: 'button',
      id: 'error',
      key: 'e',
      label: 'Knife jams',
      press: () => toggle('hasError', 'the knife jams', 'the knife is free'),
    },
    { kind: 'button', id: 'cut', key: 'c', label: 'Pull cable in next job', press: () => pullLater() },
    { kind: 'button', id: 'power', key: 'x', label: 'Pull its plug', press: () => powerOff() },
    { kind: 'button', id: 'speed', key: 's', label: 'Speed', press: () => nextSpeed() },
  ];
  function togglePaper(): void {
    const isOut = machine.state().paper === 'out';
    change({ paper: isOut ? 'ok' : 'out' }, isOut ? 'a new roll is in' : 'paper is out');
  }
  function toggle(what: 'isCoverOpen' | 'isOnline' | 'hasError', on: string, off: string): void {
    const to = !machine.state()[what];
    change({ [what]: to }, to ? on : off);
  }
  function pullLater(): void {
    machine.cutAfter(400);
    log.add('the cable goes after 400 bytes');
  }
  function powerOff(): void {
    machine.powerOff();
    log.add('its plug was pulled: what was in its buffer is gone');
  }
  function nextSpeed(): void {
    speed = speeds.find((one) => one > speed) ?? speeds[0];
    machine.setSpeed(speed);
    log.add(`${speed} mm a second`);
  }
  const growing = `now-${Date.now()}`;
  return {
    title: `Receipt printer, ${options.widthMm} mm`,
    place,
    controls,
    onChange: log.onChange,
    view: () => {
      const { paper, isCoverOpen, isOnline, hasError } = machine.state();
      const troubles = [
        ...(paper === 'out' ? ['paper out'] : paper === 'low' ? ['roll near its end'] : []),
        ...(isCoverOpen ? ['cover open'] : []),
        ...(hasError ? ['error'] : []),
        ...(isOnline ? [] : ['offline']),
      ];
      const bytes = machine.bufferedBytes();
      const waiting = bytes === 0 ? [] : [`${bytes} bytes wait`];
      const now = machine.emulator.current();
      const hangs = now.heightDots > 0 ? [{ id: growing, receipt: now }] : [];
      return {
        state: [troubles.length === 0 ? 'ready' : troubles.join(', '), `${speed} mm/s`, ...waiting].join(' · '),
        isTrouble: troubles.length > 0,
        face: null,
        papers: [...hangs, ...receipts].map(({ id, receipt }) => ({
          id,
          widthDots: receipt.widthDots,
          heightDots: receipt.heightDots,
        })),
        log: log.lines(),
      };
    },
    paper: (id) => {
      const receipt = id === growing ? machine.emulator.current() : receipts.find((one) => one.id === id)?.receipt;
      return receipt === undefined ? null : bitmapToPng(drawReceipt(receipt, raster));
    },
    close,
  };
}

type Plugged = { readonly machine: Machine; readonly place: string; readonly close: () => Promise<void> };

async function plug(options: Parameters<typeof makeMachine>[0], place: Place): Promise<Plugged> {
  if (place !== null) {
    const server = await startEmulatorServer({ ...options, port: place.tcpPort });
    return { machine: server, place: `127.0.0.1:${server.port}`, close: server.close };
  }
  const pair = await openPair();
  const machine = makeMachine(options);
  let unplug = async (): Promise<void> => {};
  const plugIn = async (): Promise<void> => {
    const plugged = await plugIntoPort(machine, portTarget(pair.left), () => {
      void unplug().then(pair.replug).then(plugIn);
    });
    if (!plugged.ok) throw new NoCable(`${pair.left}: ${plugged.error}`);
    unplug = plugged.value;
  };
  await plugIn();
  return {
    machine,
    place: pair.right,
    close: async () => {
      await unplug();
      await pair.close();
    },
  };
}
