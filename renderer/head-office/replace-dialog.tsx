/**
 * The question before a till is replaced on another PC, then its code. Rule kept: nothing is made before somebody
 * says yes; the code brings back this one till and is gone when the question closes.
 */
import { useState } from 'react';
import { type MadeCode, officeApi, type TillStateView } from '#contract/server.ts';
import { ask, type Failure } from './api.ts';
import { CodeShown } from './code-dialogs.tsx';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeDialog, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';

export function ReplaceDialog(props: { readonly till: TillStateView; readonly onDone: () => void }) {
  const { say } = useOffice();
  const { storeId, storeName, tillId, name } = props.till;
  const [made, setMade] = useState<MadeCode | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const make = async (): Promise<void> => {
    setBusy(true);
    const answer = await ask(officeApi.makeCode, { storeId, replacesTillId: tillId });
    setBusy(false);
    if (answer.ok) setMade(answer.value);
    else setTrouble(answer.error);
  };
  const of = { till: name, store: storeName };
  return (
    <OfficeDialog
      name="replace"
      title={say(made === null ? 'replaceTitle' : 'replaceCodeTitle', of)}
      onBack={props.onDone}
      footer={
        made === null ? (
          <>
            <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
              {say('keep')}
            </OfficeButton>
            <OfficeButton look="main" isDisabled={isBusy} onPress={() => void make()} testId="replace-go">
              {say('replaceDo')}
            </OfficeButton>
          </>
        ) : (
          <OfficeButton look="main" cap="Esc" onPress={props.onDone} testId="code-done">
            {say('codeDone')}
          </OfficeButton>
        )
      }
    >
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      {made === null ? (
        <p className="bm-dialog-help">{say('replaceHelp')}</p>
      ) : (
        <CodeShown made={made} help={say('replaceCodeHelp')} />
      )}
    </OfficeDialog>
  );
}
