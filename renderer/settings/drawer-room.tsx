/** The cash drawer's room: opens it once to see. Rule kept: every opening without a sale is written down, this one
 * too, as a test. */
import type { Way } from '#contract/device-views.ts';
import { ask } from '../link/till-link.ts';
import { useWords } from '../words/words.ts';
import { DeviceRoom, type RoomKeys, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';

export function DrawerRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const take = (way: Way): void => {
    if (way.id !== 'openDrawer') return keys.again();
    void ask((till) => till.device.openDrawer({ reason: say('ddrReason') })).then((answer) =>
      room.ended(answer, say('ddrSent')),
    );
  };
  return <DeviceRoom keys={keys} room={room} take={take} pick={() => {}} side={<PlainSide kind="drawer" />} />;
}
