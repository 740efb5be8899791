/** The scanner's room: a code to scan on the screen, and what came. Rule kept: a scan here is shown, never typed
 * into a field, never put into a bill. */
import type { RoomKeys } from './device-room.tsx';
import { DeviceRoom, useRoom } from './device-room.tsx';
import { ScannerSide } from './device-side.tsx';

export function ScannerRoom({ keys, scanned }: { readonly keys: RoomKeys; readonly scanned: readonly string[] }) {
  const room = useRoom();
  return (
    <DeviceRoom keys={keys} room={room} take={keys.again} pick={() => {}} side={<ScannerSide scanned={scanned} />} />
  );
}
