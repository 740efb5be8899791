/**
 * Setting up the phone as second proof, and taking it off. Rule kept: it is in force only when the phone has shown its
 * digits; recovery codes are shown once, to be printed or copied, and leaving that step is an act of its own.
 */
import { type FormEvent, useId, useState } from 'react';
import { officeApi } from '#contract/server.ts';
import { QrCode } from '../parts/qr-code.tsx';
import { ask, type Failure } from './api.ts';
import { CopyButton } from './copy-button.tsx';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeDialog, OfficeField, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';

type Step =
  | { readonly kind: 'password' }
  | { readonly kind: 'scan'; readonly secret: string; readonly url: string }
  | { readonly kind: 'codes'; readonly codes: readonly string[] };

/** Read and typed in fours. */
const inFours = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

export function SetUpPhoneDialog({ onDone }: { readonly onDone: () => void }) {
  const { say } = useOffice();
  const formId = useId();
  const [step, setStep] = useState<Step>({ kind: 'password' });
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const begin = async (): Promise<void> => {
    const answer = await ask(officeApi.beginTotp, { password });
    setTrouble(answer.ok ? null : errorText(answer.error, say));
    if (!answer.ok) return;
    setPassword('');
    setStep({ kind: 'scan', ...answer.value });
  };
  const confirm = async (): Promise<void> => {
    const answer = await ask(officeApi.confirmTotp, { code: code.replaceAll(' ', '') });
    if (answer.ok) return setStep({ kind: 'codes', codes: answer.value.recoveryCodes });
    setCode('');
    setTrouble(answer.error.type === 'SignInWrong' ? say('digitsWrong') : errorText(answer.error, say));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTrouble(null);
    if (step.kind === 'password') void begin();
    if (step.kind === 'scan') void confirm();
  };
  if (step.kind === 'codes') return <RecoveryCodes codes={step.codes} onDone={onDone} />;
  return (
    <OfficeDialog
      name="phone"
      title={say('phoneTitle')}
      onBack={onDone}
      footer={
        <>
          <button type="submit" form={formId} className="bm-button bm-button-main" data-testid="phone-go">
            {say(step.kind === 'password' ? 'goOn' : 'phoneConfirm')}
          </button>
          <OfficeButton look="quiet" cap="Esc" onPress={onDone}>
            {say('cancel')}
          </OfficeButton>
        </>
      }
    >
      <form id={formId} className="ho-form" onSubmit={submit}>
        {trouble === null ? null : <OfficeTrouble>{trouble}</OfficeTrouble>}
        {step.kind === 'password' ? (
          <>
            <p className="bm-dialog-help">{say('phoneBegin')}</p>
            <OfficeField
              label={say('password1')}
              value={password}
              onText={setPassword}
              type="password"
              autoComplete="current-password"
              isFirst
              testId="phone-password"
            />
          </>
        ) : (
          <>
            <p className="bm-dialog-help">{say('phoneScan')}</p>
            <div className="ho-phone">
              <QrCode text={step.url} label={say('phoneQr')} size={176} />
              <div className="ho-form">
                <span>
                  <small className="ho-quiet">{say('phoneByHand')}</small>
                  <output className="ho-secret" data-testid="phone-secret">
                    {inFours(step.secret)}
                  </output>
                </span>
                <OfficeField
                  key="code"
                  label={say('phoneDigits')}
                  value={code}
                  onText={setCode}
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  maxLength={7}
                  isFirst
                  testId="phone-code"
                />
              </div>
            </div>
          </>
        )}
      </form>
    </OfficeDialog>
  );
}

function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const { say } = useOffice();
  return (
    <OfficeDialog
      name="recovery"
      title={say('recoveryTitle')}
      // Esc would lose them unseen: only the button that says so goes on.
      onBack={() => undefined}
      footer={
        <>
          <OfficeButton look="main" onPress={onDone} testId="recovery-done">
            {say('keptThem')}
          </OfficeButton>
          <OfficeButton icon="printer" onPress={() => window.print()} testId="recovery-print">
            {say('printThem')}
          </OfficeButton>
          <CopyButton text={codes.join('\n')} />
        </>
      }
    >
      <p className="bm-dialog-help">{say('recoveryHelp')}</p>
      <ol className="ho-recovery" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
    </OfficeDialog>
  );
}

export function RemovePhoneDialog({ onDone }: { readonly onDone: () => void }) {
  const { say } = useOffice();
  const formId = useId();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await ask(officeApi.removeTotp, { password, code });
    if (answer.ok) return onDone();
    setCode('');
    setTrouble(answer.error);
  };
  return (
    <OfficeDialog
      name="phone-remove"
      title={say('removeTitle')}
      onBack={onDone}
      footer={
        <>
          <OfficeButton look="quiet" cap="Esc" onPress={onDone}>
            {say('keep')}
          </OfficeButton>
          <button type="submit" form={formId} className="bm-button bm-button-plain" data-testid="phone-remove-go">
            {say('removeGo')}
          </button>
        </>
      }
    >
      <form id={formId} className="ho-form" onSubmit={(event) => void submit(event)}>
        <p className="bm-dialog-help">{say('removeHelp')}</p>
        {trouble === null ? null : (
          <OfficeTrouble>{trouble.type === 'SignInWrong' ? say('wrongSignIn') : errorText(trouble, say)}</OfficeTrouble>
        )}
        <OfficeField
          label={say('password1')}
          value={password}
          onText={setPassword}
          type="password"
          autoComplete="current-password"
          isFirst
          testId="remove-password"
        />
        <OfficeField
          label={say('totp')}
          value={code}
          onText={setCode}
          autoComplete="one-time-code"
          maxLength={40}
          testId="remove-code"
        />
      </form>
    </OfficeDialog>
  );
}
