/** The room of the label in the wizard. Rule kept: nothing is set by looking. */
import type { RoomKeys } from './device-room.tsx';
import { DeviceRoom, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';

export function LabelRoom({ keys }: { readonly keys: RoomKeys }) {
  const room = useRoom();
  return <DeviceRoom keys={keys} room={room} take={keys.again} pick={() => {}} side={<PlainSide kind="label" />} />;
}
