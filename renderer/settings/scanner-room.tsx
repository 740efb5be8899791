/** The scanner's room: a code to scan on the screen and what came; three scans to learn a keyboard scanner; a
 * scanner on a port. Rule kept: a scan here is shown, never typed into a field, never put into a bill. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { WedgeSetting } from '#contract/till-scanner.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { useWords } from '../words/words.ts';
import { DeviceRoom, type RoomKeys, useRoom } from './device-room.tsx';
import { ScannerSide } from './device-side.tsx';
import { LearnPane, wedgeWords } from './learn-pane.tsx';
import { ScannerPort } from './scanner-port.tsx';

export function ScannerRoom({ keys, scanned }: { readonly keys: RoomKeys; readonly scanned: readonly string[] }) {
  const { say } = useWords();
  const room = useRoom();
  const [picked, setPicked] = useState<WireTargetInput | null>(null);
  const take = (way: Way): void => {
    setPicked(null);
    if (way.id === 'learn') room.open('learn');
    else if (way.id === 'settings') room.open('port');
    else keys.again();
  };
  const pick = (target: WireTargetInput): void => {
    setPicked(target);
    room.open('port');
  };
  const saved = (): void => {
    room.close();
    room.tell(say('dfSaved'));
  };
  const learnt = (wedge: WedgeSetting): void => {
    room.close();
    room.tell(wedgeWords(wedge, say).join(' '));
  };
  const pane = room.pane?.kind === 'own' ? room.pane.name : null;
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={pick}
      own={pane === 'learn' ? <LearnPane onDone={learnt} /> : <ScannerPort first={picked} onSaved={saved} />}
      side={<ScannerSide scanned={scanned} />}
    />
  );
}
