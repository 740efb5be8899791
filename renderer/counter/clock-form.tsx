/** The PC's date lies before the last bill's: the owner's PIN says that it is right. Rule kept: nothing is
 * decided here; Esc goes back and billing stays stopped until the date is set or vouched for. */
import { useState } from 'react';
import { businessDateOf, instant } from '#core/time.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { usePinTrouble } from '../signin/pin-trouble.ts';
import { play } from '../sound/sounds.ts';
import { longDate } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { closePanel, useUi } from './ui-store.ts';

export function ClockForm() {
  const panel = useUi((ui) => ui.panel);
  return panel?.kind === 'clock' ? <AskOwner nowMs={panel.nowMs} lastBillMs={panel.lastBillMs} /> : null;
}

function AskOwner({ nowMs, lastBillMs }: { readonly nowMs: number; readonly lastBillMs: number }) {
  const { say, language } = useWords();
  const [pin, setPin] = useState('');
  const trouble = usePinTrouble();
  const date = (ms: number): string => longDate(businessDateOf(instant(ms)), language);
  const accept = async (): Promise<void> => {
    setPin('');
    const answer = await ask((till) => till.till.acceptClock({ ownerPin: pin }));
    if (answer.ok) return closePanel();
    play('refused');
    trouble.show(answer.error);
  };
  return (
    <Dialog
      title={say('clockTitle')}
      help={say('clockHelp', { last: date(lastBillMs), now: date(nowMs) })}
      size="small"
      keys={{ name: 'clock', back: closePanel, enter: () => void accept(), accept: () => void accept() }}
      footer={
        <>
          <ActionButton look="main" cap="Enter" onPress={() => void accept()}>
            {say('clockAccept')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      <Field
        label={say('clockOwnerPin')}
        value={pin}
        onText={(text) => setPin(text.replace(/\D/g, '').slice(0, 6))}
        type="password"
        isDefault
        error={trouble.text}
        testId="clock-pin"
      />
    </Dialog>
  );
}
