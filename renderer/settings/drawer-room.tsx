/** The cash drawer's room: opens it once to see, and says how it hangs: on the printer or on a port. Rule kept: every
 * opening without a sale is written down, this one too, as a test. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { DrawerPulseId, DrawerSetting } from '#contract/till-pole.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { DeviceRoom, type Room, type RoomKeys, ToldLine, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';
import { PortFields } from './port-fields.tsx';
import { usualFormat } from './targets.ts';

const pulses: Readonly<Record<DrawerPulseId, Word>> = {
  bel: 'ddrBel',
  escP: 'ddrEscP',
  anyBytes: 'ddrAny',
};

type PaneProps = { readonly room: Room; readonly picked: WireTargetInput | null; readonly onSaved: () => void };

function DrawerPane(props: PaneProps) {
  const setting = useAnswer('setting', (till) => till.drawer.setting());
  return setting?.ok === true ? <Filled {...props} first={setting.value} /> : <div className="bm-dpane" />;
}

function Filled({ room, picked, onSaved, first }: PaneProps & { readonly first: DrawerSetting }) {
  const { say } = useWords();
  const [via, setVia] = useState<DrawerSetting['via']>(picked === null ? first.via : 'wire');
  const [target, setTarget] = useState<WireTargetInput | null>(picked ?? (first.via === 'wire' ? first.target : null));
  const [pulse, setPulse] = useState<DrawerPulseId>(first.via === 'wire' ? first.pulse : 'bel');
  const next: DrawerSetting | null =
    via === 'printer' ? { via } : target === null ? null : { via: 'wire', target, pulse };
  const save = async (): Promise<void> => {
    if (next !== null && room.ended(await ask((till) => till.drawer.set(next)))) onSaved();
  };
  return (
    <div className="bm-dpane" data-testid="drawer-settings">
      <h1>{say('dwSettingsDrawer')}</h1>
      <Choose
        label={say('ddrVia')}
        value={via}
        options={[
          { value: 'printer', text: say('ddrViaPrinter') },
          { value: 'wire', text: say('ddrViaWire') },
        ]}
        onChoose={setVia}
        testId="drawer-via"
      />
      {via === 'wire' ? (
        <>
          <PortFields target={target} usual={usualFormat} onTarget={setTarget} />
          <Choose
            label={say('ddrPulse')}
            value={pulse}
            options={(Object.keys(pulses) as DrawerPulseId[]).map((value) => ({ value, text: say(pulses[value]) }))}
            onChoose={setPulse}
          />
        </>
      ) : null}
      <ToldLine told={room.told} />
      <div className="bm-pane-actions">
        <ActionButton look="main" isDisabled={next === null} onPress={() => void save()} testId="save-drawer">
          {say('dfSave')}
        </ActionButton>
      </div>
    </div>
  );
}

export function DrawerRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const [picked, setPicked] = useState<WireTargetInput | null>(null);
  const take = (way: Way): void => {
    setPicked(null);
    if (way.id === 'settings') room.open('drawer');
    else if (way.id !== 'openDrawer') keys.again();
    else {
      void ask((till) => till.device.openDrawer({ reason: say('ddrReason') })).then((answer) =>
        room.ended(answer, say('ddrSent')),
      );
    }
  };
  const pick = (target: WireTargetInput): void => {
    setPicked(target);
    room.open('drawer');
  };
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={pick}
      own={<DrawerPane room={room} picked={picked} onSaved={room.close} />}
      side={<PlainSide kind="drawer" />}
    />
  );
}
