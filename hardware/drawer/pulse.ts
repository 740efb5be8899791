/**
 * Drawers on a port of their own: a box between a COM or USB port and the drawer that opens at a byte. Rule kept: the
 * port is opened for the pulse and closed again, since opening one moves its lines and some boxes take that for a
 * pulse too; no answer is waited for, a drawer that doesn't open holds nothing up.
 */
import type { OpenWire, WireTarget, WireTrouble } from '../wire/wire.ts';

/** What the boxes on the market open at; which one is in the box's own leaflet. */
export const drawerPulses = {
  /** BEL, the commonest of USB triggers. */
  bel: [0x07],
  /** ESC p 0 25 250: boxes that listen as a receipt printer does. */
  escP: [0x1b, 0x70, 0x00, 0x19, 0xfa],
  /** Boxes that take their power from the data line: bytes of many edges. */
  anyBytes: [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55],
} as const;
export type DrawerPulse = keyof typeof drawerPulses;

const connectMs = 1_500;
const stallMs = 1_000;

/** null: the bytes left the port. Never throws. */
export async function pulseDrawer(
  openWire: OpenWire,
  target: WireTarget,
  pulse: DrawerPulse,
): Promise<WireTrouble | null> {
  const opened = await openWire(target, connectMs);
  if (!opened.ok) return opened.error;
  const wire = opened.value;
  const outcome = await wire.write(Uint8Array.from(drawerPulses[pulse]), stallMs);
  await wire.close();
  return outcome.kind === 'sent' ? null : outcome.trouble;
}
