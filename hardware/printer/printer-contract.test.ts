/**
 * The contract over TCP, over a serial cable (two ends of a pty pair) and, where BILLMITRA_PRINTER names one, on iron:
 * BILLMITRA_PRINTER='{"target":{"kind":"tcp","host":"192.168.1.50","port":9100},"model":"epson-tm-t82"}'
 */
import { type PrinterRig, testPrinter } from '#tests/contracts/printer-promises.ts';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { openWire } from '../wire/open-wire.ts';
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
async function overSerial(): Promise<PrinterRig> {
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
    open: () => openPrinter({ kind: 'serial', path: pair.left, format, identity: null }, model, quick),
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

/** The printer that BILLMITRA_PRINTER names. */
async function iron(): Promise<PrinterRig> {
  const { target, model: id } = JSON.parse(process.env['BILLMITRA_PRINTER'] ?? '') as Named;
  return { open: () => openPrinter(target, findModel(id)), emulated: null, close: () => Promise.resolve() };
}

testPrinter('the emulator over TCP', overTcp);
testPrinter('the emulator over a serial cable', overSerial, hasPty ? null : noPty);
testPrinter('iron', iron, process.env['BILLMITRA_PRINTER'] === undefined ? 'none named in BILLMITRA_PRINTER' : null);
