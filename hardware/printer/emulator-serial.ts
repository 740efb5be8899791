/**
 * The emulated printer on a serial port: one end of a pty pair or of a real null-modem cable. Rule kept: it is the
 * same machine as behind TCP; only the cable differs. A port tells nobody that its reader is slow: what doesn't fit
 * the buffer waits in it all the same, as with a printer whose handshake line is not wired.
 */
import { ok, type Result } from '#core/result.ts';
import { openDeviceEnd } from '../wire/emulator-end.ts';
import type { WireTarget, WireTrouble } from '../wire/wire.ts';
import type { Machine } from './emulator-machine.ts';

/** `onCut`: the machine pulls this cable. Resolves with how to let go of the port. */
export async function plugIntoPort(
  machine: Machine,
  target: WireTarget,
  onCut: () => void = () => {},
): Promise<Result<() => Promise<void>, WireTrouble>> {
  const opened = await openDeviceEnd(target);
  if (!opened.ok) return opened;
  const { end, cut, close } = opened.value;
  const link = machine.plug({
    send: end.write,
    pause: () => {},
    resume: () => {},
    cut: () => {
      cut();
      onCut();
    },
  });
  end.onData(link.take);
  return ok(async () => {
    link.ended(false);
    await close();
  });
}
