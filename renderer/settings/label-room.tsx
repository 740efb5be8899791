/** The label printer's room: where it is, its language, and a test label as it will come out. Rule kept: the picture
 * is the till's own drawing of the bytes; what came out is told by the print itself. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { LabelSetting } from '#contract/till-label.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { JobPanel } from '../labels/job-panel.tsx';
import { useLabelJob } from '../labels/label-job.ts';
import { PrinterForm } from '../labels/printer-page.tsx';
import { ask, newKey } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { useWords } from '../words/words.ts';
import { DeviceRoom, type RoomKeys, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';

/** The first design there is, as it would print. */
function useTestLabel() {
  const { language } = useWords();
  const designs = useAnswer('designs', (till) => till.label.designs());
  const design = designs?.ok === true ? (designs.value.designs[0] ?? null) : null;
  const preview = useAnswer(design === null ? null : { design, language, itemId: null }, (till, question) =>
    till.label.preview(question),
  );
  return { design, preview: preview?.ok === true ? preview.value : null };
}

export function LabelRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const job = useLabelJob();
  const [saves, setSaves] = useState(0);
  const set = useAnswer({ saves }, (till) => till.label.setting());
  const setting = set?.ok === true ? set.value : null;
  const { design, preview } = useTestLabel();
  const designId = design?.id ?? '';
  const setTarget = async (target: WireTargetInput | { readonly kind: 'none' }): Promise<void> => {
    if (setting === null) return;
    const next: LabelSetting = { ...setting, target };
    if (room.ended(await ask((till) => till.label.set(next)))) room.close();
    setSaves((now) => now + 1);
  };
  const test = async (): Promise<void> => {
    room.ended(await ask((till) => till.label.testPrint({ key: newKey(), designId })), say('dlbSent'));
  };
  const take = (way: Way): void => {
    if (way.id === 'test') void test();
    else if (way.id === 'settings') room.open('settings');
    else keys.again();
  };
  const close = (): void => {
    room.close();
    setSaves((now) => now + 1);
  };
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={(target) => void setTarget(target)}
      unset={() => void setTarget({ kind: 'none' })}
      own={
        setting === null ? null : (
          <div className="bm-dpane" data-form="labelPrinter" data-testid="label-settings">
            <h1>{say('lbpTitle')}</h1>
            <PrinterForm setting={setting} designId={designId} onBack={close} />
          </div>
        )
      }
      side={
        <PlainSide kind="label">
          {preview === null ? null : (
            <div className="bm-dpaper" tabIndex={0} role="group" aria-label={say('dlbTitle')}>
              <img
                src={`data:image/png;base64,${preview.pngBase64}`}
                width={preview.widthDots}
                height={preview.heightDots}
                alt={say('dlbTitle')}
                data-testid="test-label"
              />
            </div>
          )}
          {job === null ? null : <JobPanel job={job} />}
        </PlainSide>
      }
    />
  );
}
