/**
 * The question before a model is taken back from all stores, or given back to them. Rule kept: says what becomes of the
 * stores' forecasts and that bills stay as they are; nothing happens before somebody says yes.
 */
import { useState } from 'react';
import { releasesApi, type ReleaseView } from '#contract/releases.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeDialog, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { whenText } from './times.ts';

export type ReleaseDo = { readonly does: 'withdraw' | 'giveBack'; readonly release: ReleaseView };

export function ReleaseAct(props: { readonly act: ReleaseDo; readonly nowMs: number; readonly onDone: () => void }) {
  const { say, language } = useOffice();
  const { act, nowMs, onDone } = props;
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const isTaking = act.does === 'withdraw';
  const go = async (): Promise<void> => {
    setBusy(true);
    const answer = await ask(releasesApi[act.does], { modelId: act.release.modelId });
    setBusy(false);
    if (answer.ok) onDone();
    else setTrouble(answer.error);
  };
  const when = whenText(act.release.releasedAtMs, nowMs, say, language);
  return (
    <OfficeDialog
      name="release"
      title={say(isTaking ? 'relTakeTitle' : 'relGiveTitle', { when })}
      onBack={onDone}
      footer={
        <>
          <OfficeButton look="quiet" cap="Esc" onPress={onDone}>
            {say('keep')}
          </OfficeButton>
          <OfficeButton look="main" isDisabled={isBusy} onPress={() => void go()} testId="release-go">
            {say(isTaking ? 'relTakeDo' : 'relGive')}
          </OfficeButton>
        </>
      }
    >
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <p className="bm-dialog-help">{say(isTaking ? 'relTakeHelp' : 'relGiveHelp')}</p>
    </OfficeDialog>
  );
}
