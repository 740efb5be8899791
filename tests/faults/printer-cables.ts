/**
 * The cables between a rig's till and its printers: a socket, and a pair of serial ports where this machine has them.
 * Rule kept: real ones; where there are none it says why, and the rig says it too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Machine, makeMachine } from '#hardware/printer/emulator-machine.ts';
import { plugIntoPort } from '#hardware/printer/emulator-serial.ts';
import { startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { findModel } from '#hardware/printer/models.ts';
import { openPrinter } from '#hardware/printer/open-printer.ts';
import type { Printer, PrinterTarget } from '#hardware/printer/port.ts';
import { openWire } from '#hardware/wire/open-wire.ts';
import { ensureSocat, openPtyPair } from '#tools/socat.ts';

export type Cable = {
  readonly name: 'sockets' | 'serial';
  readonly machine: Machine;
  /** The till's end. */
  readonly open: () => Printer;
  /** After a cut: it is plugged in again by itself, a moment later. */
  readonly mended: () => Promise<void>;
};
export type Cables = {
  readonly network: Cable;
  readonly serial: Cable | null;
  readonly whyNoSerial: string | null;
  readonly close: () => Promise<void>;
};

const handMs = 20;
const times = { connectMs: 500, answerMs: 300, stallMs: 3_000 };
const opener = (target: PrinterTarget) => (): Printer => openPrinter(target, findModel('generic-80'), times, openWire);
const onPort = (path: string) =>
  ({
    kind: 'serial',
    path,
    format: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
    identity: null,
  }) as const;

export async function openCables(onChange: () => void): Promise<Cables> {
  const server = await startEmulatorServer({ onChange });
  const network: Cable = {
    name: 'sockets',
    machine: server,
    open: opener({ kind: 'tcp', host: '127.0.0.1', port: server.port }),
    mended: () => Promise.resolve(),
  };
  const socat = ensureSocat();
  if (!socat.ok) return { network, serial: null, whyNoSerial: socat.error, close: server.close };

  const pair = await openPtyPair();
  const machine = makeMachine({ onChange });
  let mending: Promise<void> = Promise.resolve();
  let unplug = async (): Promise<void> => {};
  const plug = async (): Promise<void> => {
    const plugged = await plugIntoPort(machine, onPort(pair.left), () => {
      // Put back faster than a hand can: the names under which the ports go appear again.
      mending = unplug()
        .then(pair.cut)
        .then(() => sleep(handMs))
        .then(pair.replug)
        .then(plug);
    });
    if (!plugged.ok) throw new Error(`the emulator's end does not open: ${plugged.error}`);
    unplug = plugged.value;
  };
  await plug();
  const serial: Cable = {
    name: 'serial',
    machine,
    open: opener(onPort(pair.right)),
    mended: () => mending,
  };
  return {
    network,
    serial,
    whyNoSerial: null,
    close: async () => {
      await server.close();
      await mending;
      await unplug();
      await pair.close();
    },
  };
}
