/** The receipt printer's room: choose, model and paper, test page with its three questions. Rule kept: a test page
 * goes through the spool like every receipt; what came out is a person's to say. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { ask } from '../link/till-link.ts';
import { useWords } from '../words/words.ts';
import { DeviceRoom, type RoomKeys, useRoom } from './device-room.tsx';
import { PrinterSide } from './device-side.tsx';
import { LogoField } from './logo-field.tsx';
import { PrinterForm } from './printer-form.tsx';
import { answered, type Asking, isQuestion, TestQuestions } from './test-questions.tsx';

export function PrinterRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [shownModel, setShownModel] = useState<string | null>(null);
  const [mm, setMm] = useState<58 | 80>(80);
  const [saves, setSaves] = useState(0);
  const otherMm = mm === 80 ? 58 : 80;

  const setTarget = async (target: WireTargetInput | { readonly kind: 'none' }): Promise<void> => {
    const set = await ask((till) => till.device.printer());
    if (!set.ok) return void room.ended(set);
    const { modelId, widthMm } = set.value;
    const answer = await ask((till) => till.device.setPrinter({ target, modelId, widthMm }));
    if (room.ended(answer)) room.close();
    setSaves((now) => now + 1);
    setAsking(null);
  };
  const testPrint = async (): Promise<void> => {
    const [set, answer] = await Promise.all([
      ask((till) => till.device.printer()),
      ask((till) => till.device.testPrint()),
    ]);
    if (set.ok) setMm(set.value.widthMm);
    if (room.ended(answer, say('dqSent'))) setAsking('rupee');
  };
  const setWidth = async (): Promise<void> => {
    const set = await ask((till) => till.device.printer());
    if (!set.ok) return void room.ended(set);
    const { target } = set.value;
    const answer = await ask((till) => till.device.setPrinter({ target, widthMm: otherMm, modelId: null }));
    if (room.ended(answer)) setAsking(null);
    setSaves((now) => now + 1);
  };
  const take = (way: Way): void => {
    if (way.id === 'test') void testPrint();
    else if (way.id === 'settings') room.open('settings');
    else {
      void ask((till) => till.device.retryPrint());
      keys.again();
    }
  };
  const closeSettings = (): void => {
    room.close();
    setShownModel(null);
    setSaves((now) => now + 1);
  };
  const openModels = (): void => {
    setAsking(null);
    room.open('settings');
  };
  const answer = (isYes: boolean): void => {
    if (asking === null) return;
    if (isQuestion(asking)) setAsking(answered(asking, isYes));
    else if (isYes && asking === 'width') void setWidth();
    else if (isYes && asking === 'pictures') openModels();
  };
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={(target) => void setTarget(target)}
      unset={() => void setTarget({ kind: 'none' })}
      letters={asking === null ? undefined : { Y: () => answer(true), N: () => answer(false) }}
      own={
        <div className="bm-dpane" data-testid="printer-settings">
          <h1>{say('dwSettings')}</h1>
          <PrinterForm onModel={setShownModel} onSaved={closeSettings} />
          <LogoField onChanged={() => setSaves((now) => now + 1)} />
        </div>
      }
      side={
        <PrinterSide
          modelId={shownModel}
          saves={saves}
          talk={
            asking === null ? null : (
              <TestQuestions
                asking={asking}
                otherMm={otherMm}
                onAnswer={answer}
                onWidth={() => void setWidth()}
                onModel={openModels}
              />
            )
          }
        />
      }
    />
  );
}
