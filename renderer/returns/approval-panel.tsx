/** A supervisor's approval (screens.md §5.8): what, how much, why; a PIN. Rule kept: it lies over the right
 * column so that the goods stay readable; Esc returns with nothing changed; scans wait meanwhile. */
import { useState } from 'react';
import { formatPaise, type Paise } from '#core/money.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import type { Refusal } from '../link/till-link.ts';
import { usePinTrouble } from '../signin/pin-trouble.ts';
import { play } from '../sound/sounds.ts';
import { useWords } from '../words/words.ts';

export function ApprovalPanel(props: {
  readonly what: string;
  readonly amountPaise: Paise | null;
  readonly why: string;
  /** Answers why it was refused, or null when it was done. */
  readonly onPin: (pin: string) => Promise<Refusal | null>;
  readonly onBack: () => void;
}) {
  const { what, amountPaise, why, onPin, onBack } = props;
  const { say } = useWords();
  const [pin, setPin] = useState('');
  const trouble = usePinTrouble();
  const approve = async (): Promise<void> => {
    // Cleared as it is sent: checking takes a moment, and what is typed meanwhile is the next try.
    setPin('');
    const refusal = await onPin(pin);
    if (refusal === null) return;
    play('refused');
    trouble.show(refusal);
  };
  return (
    <Dialog
      title={say('approvalTitle')}
      help={
        <>
          {why}
          <br />
          <b>{amountPaise === null ? what : say('approvalWhat', { what, amount: formatPaise(amountPaise) })}</b>
        </>
      }
      size="side"
      keys={{ name: 'approval', back: onBack, enter: () => void approve(), accept: () => void approve() }}
      footer={
        <>
          <ActionButton look="main" cap="Enter" onPress={() => void approve()}>
            {say('approve')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={onBack}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      <Field
        label={say('pinOf')}
        value={pin}
        onText={(text) => setPin(text.replace(/\D/g, '').slice(0, 6))}
        type="password"
        isDefault
        error={trouble.text}
        testId="approval-pin"
      />
    </Dialog>
  );
}
