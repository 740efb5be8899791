/** Refusing what another store asked for, or taking one's own asking back: a question with a reason. Rule kept: nothing has
 * moved yet, so nothing is undone; Esc leaves all as it was. */
import { useRef, useState } from 'react';
import type { TillTransfer } from '#contract/till-transfers.ts';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask, newKey } from '../link/till-link.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';

export function CallOff(props: {
  readonly transfer: TillTransfer;
  readonly onBack: () => void;
  readonly onDone: () => void;
}) {
  const { say } = useWords();
  const { row, canDecline } = props.transfer;
  const [note, setNote] = useState('');
  const [error, setError] = useState('');
  const key = useRef(newKey());
  const go = async (): Promise<void> => {
    const input = { key: key.current, transferId: row.transferId, note: note.trim() };
    const answer = await ask((till) => (canDecline ? till.transfer.decline(input) : till.transfer.cancel(input)));
    if (!answer.ok) return setError(errorText(answer.error));
    tell(() => say('trCalledOff'), 'good');
    props.onDone();
  };
  return (
    <Dialog
      title={say(canDecline ? 'trDeclineAsk' : 'trCancelAsk', { store: row.otherName })}
      help={say('trCallOffHelp')}
      keys={{ name: 'callOff', back: props.onBack, enter: () => void go(), accept: () => void go() }}
      footer={
        <>
          <ActionButton look="main" cap="Enter" onPress={() => void go()} testId="call-off">
            {say(canDecline ? 'trDecline' : 'trCancel')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={props.onBack}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      <Field label={say('trWhy')} value={note} onText={setNote} isDefault error={error} maxLength={300} />
    </Dialog>
  );
}
