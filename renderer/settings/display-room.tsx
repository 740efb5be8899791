/** The customer's screen and the pole display: opens the window, sets the pole's port, shows what the pole shows.
 * Rule kept: neither can hold a bill up, and a test lasts three seconds. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { PoleModelView, PoleSetting } from '#contract/till-pole.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { openCustomerScreen } from '../customer/open-customer.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords } from '../words/words.ts';
import { DeviceRoom, type Room, type RoomKeys, ToldLine, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';
import { PortFields } from './port-fields.tsx';

type PaneProps = {
  readonly room: Room;
  readonly picked: WireTargetInput | null;
  readonly onSaved: () => void;
};

function PolePane(props: PaneProps) {
  const { say } = useWords();
  const setting = useAnswer('setting', (till) => till.pole.setting());
  const models = useAnswer('models', (till) => till.pole.models());
  if (setting?.ok !== true || models === null) return <div className="bm-dpane" />;
  if (!models.ok) return <p className="bm-field-error">{say('dfOwner')}</p>;
  return <Filled {...props} first={setting.value} models={models.value} />;
}

function Filled(props: PaneProps & { readonly first: PoleSetting | null; readonly models: readonly PoleModelView[] }) {
  const { say } = useWords();
  const { room, picked, onSaved, first, models } = props;
  const [target, setTarget] = useState<WireTargetInput | null>(picked ?? first?.target ?? null);
  const [model, setModel] = useState<PoleSetting['model']>(first?.model ?? models[0]?.id ?? 'escposDisplay');
  const usual = models.find((one) => one.id === model)?.format;
  const save = async (setting: PoleSetting | null): Promise<void> => {
    if (room.ended(await ask((till) => till.pole.set(setting)))) onSaved();
  };
  if (usual === undefined) return null;
  return (
    <div className="bm-dpane" data-testid="pole-settings">
      <h1>{say('dwSettingsPole')}</h1>
      <PortFields target={target} usual={usual} onTarget={setTarget} />
      <Choose
        label={say('dplModel')}
        value={model}
        options={models.map(({ id, name }) => ({ value: id, text: name }))}
        onChoose={setModel}
      />
      <ToldLine told={room.told} />
      <div className="bm-pane-actions">
        <ActionButton
          look="main"
          isDisabled={target === null}
          onPress={() => void save(target === null ? null : { target, model })}
          testId="save-pole"
        >
          {say('dfSave')}
        </ActionButton>
        {first === null ? null : <ActionButton onPress={() => void save(null)}>{say('dfNone')}</ActionButton>}
      </div>
    </div>
  );
}

export function DisplayRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const [picked, setPicked] = useState<WireTargetInput | null>(null);
  const [round, setRound] = useState(0);
  const windows = useStore(sessionStore, (session) => session.devices?.customerWindows ?? 0);
  const pole = useAnswer({ round, place: keys.diagnosis?.place ?? null }, (till) => till.pole.state());
  const lines = pole?.ok === true ? pole.value.lines : null;
  const test = async (): Promise<void> => {
    room.ended(await ask((till) => till.pole.test()), say('dplTested'));
    setRound((now) => now + 1);
    setTimeout(() => setRound((now) => now + 1), 3_200);
  };
  const take = (way: Way): void => {
    setPicked(null);
    if (way.id === 'openWindow') void openCustomerScreen();
    else if (way.id === 'settings') room.open('pole');
    else if (way.id === 'test') void test();
    else keys.again();
  };
  const pick = (target: WireTargetInput): void => {
    setPicked(target);
    room.open('pole');
  };
  const saved = (): void => {
    room.close();
    setRound((now) => now + 1);
  };
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={pick}
      own={<PolePane room={room} picked={picked} onSaved={saved} />}
      side={
        <PlainSide kind="display">
          {windows > 0 ? <p>{say('dplWindows', { count: windows })}</p> : null}
          {lines === null || lines.every((line) => line === '') ? null : (
            <>
              <h3>{say('dplLines')}</h3>
              <pre className="bm-dpole" data-testid="pole-lines">
                {lines.join('\n')}
              </pre>
            </>
          )}
        </PlainSide>
      }
    />
  );
}
