/**
 * The first PIN of a person whom head office sent to this shop, typed beside a supervisor. Rule kept: it stays on this
 * PC; whoever chose it is signed in with it at once.
 */
import { useState } from 'react';
import type { StaffTile } from '#contract/views.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { signIn } from '../state/session.ts';
import { useWords } from '../words/words.ts';
import { usePinTrouble } from './pin-trouble.ts';

export function ChoosePin({ person, onBack }: { readonly person: StaffTile; readonly onBack: () => void }) {
  const { say } = useWords();
  const [pin, setPin] = useState('');
  const [supervisorPin, setSupervisorPin] = useState('');
  const trouble = usePinTrouble();
  const send = async (): Promise<void> => {
    const chosen = await ask((till) => till.staff.choosePin({ staffId: person.id, pin, supervisorPin }));
    const answer = chosen.ok ? await signIn(person.id, pin) : chosen;
    if (answer.ok) return;
    setSupervisorPin('');
    trouble.show(answer.error);
  };
  const go = (): void => void (walkToNextField() ? undefined : send());
  useForm({ name: 'signIn', back: onBack, enter: go, accept: () => void send() });
  return (
    <main className="bm-center" data-form="signIn" data-testid="choose-pin">
      <section className="bm-card bm-narrow">
        <h1>{say('brChoosePin')}</h1>
        <p className="bm-dialog-help">{say('brChoosePinHelp', { name: person.name })}</p>
        <Field label={say('brNewPin')} value={pin} onText={setPin} type="password" isDefault testId="new-pin" />
        <Field
          label={say('brSupervisorPin')}
          value={supervisorPin}
          onText={setSupervisorPin}
          type="password"
          error={trouble.text}
          testId="supervisor-pin"
        />
        <div className="bm-pane-actions">
          <ActionButton look="main" cap="Enter" onPress={() => void send()} testId="choose-pin-save">
            {say('save')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={onBack}>
            {say('cancel')}
          </ActionButton>
        </div>
      </section>
    </main>
  );
}
