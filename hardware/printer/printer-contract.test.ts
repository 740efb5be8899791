/**
 * The contract over TCP, a serial cable and a device file (two ends of a pty pair), a fake of USB and, where
 * BILLMITRA_PRINTER names one, on iron:
 * BILLMITRA_PRINTER='{"target":{"kind":"tcp","host":"192.168.1.50","port":9100},"model":"epson-tm-t82"}'
 */
import { type PrinterRig, testPrinter } from '#tests/contracts/printer-promises.ts';
import { makeFakeUsb } from '#tests/fixtures/fake-usb.ts';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { openWire } from '../wire/open-wire.ts';
import { openUsbWire } from '../wire/usb-wire.ts';
import type { SerialFormat, Wire, WireTarget } from '../wire/wire.ts';
import { makeMachine } from './emulator-machine.ts';
import { printedText } from './emulator-paper.ts';
import { startEmulatorServer } from './emulator-server.ts';
import { findModel } from './models.ts';
import { openPrinter } from './open-printer.ts';

type Named = { readonly target: WireTarget; readonly model: string };

const model = findModel('epson-tm-t82');
const quick = { connectMs: 1_000, answerMs: 300, stallMs: 1_500 };

async function overTcp(): Promise<PrinterRig> {
  const server = await startEmulatorServer();
  return {
    open: () => openPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port }, model, quick),
    emulated: {
      printed: () => server.emulator.receipts().map((receipt) => printedText(receipt).join('|')),
      setState: server.setState,
      paperOutAfter: server.paperOutAfter,
      cutAfter: server.cutAfter,
      replug: () => Promise.resolve(),
    },
    close: server.close,
  };
}

const format: SerialFormat = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

/** The emulator at one end of a pty pair, the till's printer at the other. */
async function overPty(target: (path: string) => WireTarget): Promise<PrinterRig> {
  const pair = await openPtyPair();
  const machine = makeMachine();
  let end: Wire | null = null;
  const plug = async (): Promise<void> => {
    const opened = await openWire({ kind: 'serial', path: pair.right, format, identity: null });
    if (!opened.ok) throw new Error(`the pty's right end: ${opened.error}`);
    end = opened.value;
    const wire = opened.value;
    const link = machine.plug({
      send: (bytes) => void wire.write(bytes, 1_000),
      pause: () => undefined,
      resume: () => undefined,
      cut: () => void pair.cut(),
    });
    wire.onData(link.take);
    void wire.ended.then((trouble) => link.ended(trouble !== null));
  };
  await plug();
  return {
    open: () => openPrinter(target(pair.left), model, quick),
    emulated: {
      printed: () => machine.emulator.receipts().map((receipt) => printedText(receipt).join('|')),
      setState: machine.setState,
      paperOutAfter: machine.paperOutAfter,
      cutAfter: machine.cutAfter,
      replug: async () => {
        await pair.cut();
        await pair.replug();
        await plug();
      },
    },
    close: async () => {
      await end?.close(0);
      await pair.close();
    },
  };
}

/** The emulator behind the fake of a USB printer: there is no USB to emulate where tests run. */
async function overUsb(): Promise<PrinterRig> {
  const machine = makeMachine();
  let fake = makeFakeUsb();
  let seen = 0;
  const plug = (): ReturnType<typeof machine.plug> =>
    machine.plug({
      send: (bytes) => fake.send(bytes),
      pause: () => undefined,
      resume: () => undefined,
      cut: () => fake.unplug(),
    });
  let link = plug();
  const pump = setInterval(() => {
    const all = fake.received();
    if (all.length > seen) link.take(all.subarray(seen));
    seen = all.length;
  }, 1);
  const { vendorId, productId } = fake.device;
  const identity = { vendorId, productId, serial: 'TM1' };
  return {
    open: () =>
      openPrinter({ kind: 'usb', identity }, model, quick, () =>
        openUsbWire(identity, 500, () => Promise.resolve(fake.host)),
      ),
    emulated: {
      printed: () => machine.emulator.receipts().map((receipt) => printedText(receipt).join('|')),
      setState: machine.setState,
      paperOutAfter: machine.paperOutAfter,
      cutAfter: machine.cutAfter,
      replug: () => {
        link.ended(true);
        fake = makeFakeUsb();
        seen = 0;
        link = plug();
        return Promise.resolve();
      },
    },
    close: () => {
      clearInterval(pump);
      return Promise.resolve();
    },
  };
}

/** The printer that BILLMITRA_PRINTER names. */
async function iron(): Promise<PrinterRig> {
  const { target, model: id } = JSON.parse(process.env['BILLMITRA_PRINTER'] ?? '') as Named;
  return { open: () => openPrinter(target, findModel(id)), emulated: null, close: () => Promise.resolve() };
}

testPrinter('the emulator over TCP', overTcp);
const withoutPty = hasPty ? null : noPty;
testPrinter(
  'the emulator over a serial cable',
  () => overPty((path) => ({ kind: 'serial', path, format, identity: null })),
  withoutPty,
);
testPrinter('the emulator over a device file', () => overPty((path) => ({ kind: 'deviceFile', path })), withoutPty);
testPrinter('the emulator behind a fake of USB', overUsb);
testPrinter('iron', iron, process.env['BILLMITRA_PRINTER'] === undefined ? 'none named in BILLMITRA_PRINTER' : null);
