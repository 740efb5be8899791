/** The owner's PIN, and the recovery code shown once. Rule kept: the code is the till's own and is kept nowhere
 * on the screen after this page. */
import { Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';

type Owner = { readonly name: string; readonly pin: string; readonly again: string };

export function OwnerPage(props: {
  readonly owner: Owner;
  readonly onOwner: (owner: Owner) => void;
  readonly error: string;
}) {
  const { owner, onOwner, error } = props;
  const { say } = useWords();
  const digits = (text: string): string => text.replace(/\D/g, '').slice(0, 6);
  return (
    <div className="bm-stack">
      <Field
        label={say('ownerName')}
        value={owner.name}
        onText={(name) => onOwner({ ...owner, name })}
        isDefault
        maxLength={120}
        testId="owner-name"
      />
      <div className="bm-two">
        <Field
          label={say('ownerPin')}
          value={owner.pin}
          onText={(pin) => onOwner({ ...owner, pin: digits(pin) })}
          type="password"
          error={error}
          testId="owner-pin"
        />
        <Field
          label={say('ownerPinAgain')}
          value={owner.again}
          onText={(again) => onOwner({ ...owner, again: digits(again) })}
          type="password"
          testId="owner-pin-again"
        />
      </div>
    </div>
  );
}

export function RecoveryCode({ code }: { readonly code: string }) {
  const { say } = useWords();
  return (
    <div className="bm-stack">
      <b>{say('recoveryTitle')}</b>
      <div className="bm-recovery bm-display" data-testid="recovery-code">
        {code}
      </div>
      <p className="bm-dialog-help">{say('recoveryHelp')}</p>
    </div>
  );
}
