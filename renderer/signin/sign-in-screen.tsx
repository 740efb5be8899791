/**
 * Who is at the till: name tiles and a PIN. Rule kept: a scan while signed out is kept by the till and added
 * after the PIN; the demo shop shows its PINs; a wrong PIN says how many tries are left.
 */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { StaffTile } from '#contract/views.ts';
import { useHeader } from '../counter/cart-store.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { recover, sessionStore, signIn, switchLanguage } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords, type Word } from '../words/words.ts';
import { ChoosePin } from './choose-pin.tsx';
import { type PinTrouble, usePinTrouble } from './pin-trouble.ts';

const roleWords: Readonly<Record<StaffTile['role'], Word>> = {
  owner: 'roleOwner',
  supervisor: 'roleSupervisor',
  cashier: 'roleCashier',
};
const pinLength = 6;

function Dots({ pin }: { readonly pin: string }) {
  return (
    <div className="bm-pin-dots" aria-hidden="true">
      {Array.from({ length: pinLength }, (_, i) => (
        <span key={i} className={i < pin.length ? 'bm-pin-dot bm-pin-full' : 'bm-pin-dot'} />
      ))}
    </div>
  );
}

/** A lock counts down before the eyes; it is read out once, not every second. */
function PinError({ trouble }: { readonly trouble: PinTrouble }) {
  return (
    <div className="bm-field-error" role={trouble.isLock ? 'timer' : 'alert'} data-testid="pin-error">
      {trouble.text}
    </div>
  );
}

export function SignInScreen() {
  const { say, language } = useWords();
  const shop = useStore(sessionStore, (session) => session.shop);
  const waiting = useHeader((header) => header.waitingScans, 0);
  const hasCart = useHeader((header) => header.totals.itemCount > 0 || header.totals.unsettledCount > 0, false);
  const [staff, setStaff] = useState<readonly StaffTile[]>([]);
  const [chosen, setChosen] = useState<StaffTile | null>(null);
  const [pin, setPin] = useState('');
  const trouble = usePinTrouble();
  const [isRecovering, setIsRecovering] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const busy = useRef(false);
  useEffect(() => {
    void ask((till) => till.staff.list()).then((answer) => {
      if (answer.ok) setStaff(answer.value);
    });
  }, []);
  const enter = async (typed: string): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    // Cleared as it is sent: checking takes a moment, and what is typed meanwhile is the next try.
    setPin('');
    const answer = await signIn(chosen?.id ?? null, typed);
    busy.current = false;
    if (answer.ok) return;
    play('refused');
    trouble.show(answer.error);
  };
  const type = (text: string): void => {
    const digits = text.replace(/\D/g, '').slice(0, pinLength);
    setPin(digits);
    // A lock stays in view, counting down: what is typed meanwhile is not taken.
    if (!trouble.isLock) trouble.clear();
  };
  useForm({ name: 'signIn', enter: () => void enter(pin) });
  if (chosen?.needsPin === true) return <ChoosePin person={chosen} onBack={() => setChosen(null)} />;
  if (isRecovering) return <Recovery onBack={() => setIsRecovering(false)} />;
  return (
    <main className="bm-center" data-form="signIn" data-testid="sign-in">
      <section className="bm-card bm-sign">
        <div className="bm-sign-left">
          <h1>{say('signInTitle')}</h1>
          <div className="bm-tiles">
            {staff.map((one) => (
              <UnstyledButton
                key={one.id}
                className={chosen?.id === one.id ? 'bm-tile bm-tile-chosen' : 'bm-tile'}
                aria-pressed={chosen?.id === one.id}
                data-testid="staff-tile"
                onClick={() => {
                  setChosen(one);
                  // Under a name tries are counted by themselves.
                  trouble.clear();
                  field.current?.focus();
                }}
              >
                <span className="bm-tile-face">{one.name.slice(0, 1)}</span>
                <span>
                  <b>{one.name}</b>
                  <br />
                  <small>
                    {say(roleWords[one.role])}
                    {one.needsPin === true ? `, ${say('brNoPinYet')}` : ''}
                  </small>
                </span>
              </UnstyledButton>
            ))}
          </div>
          <div className="bm-sign-foot">
            <UnstyledButton
              className="bm-link"
              onClick={() => void switchLanguage()}
              lang={language === 'en' ? 'hi' : 'en'}
            >
              {say('mLanguage')}
            </UnstyledButton>
            <UnstyledButton className="bm-link" onClick={() => setIsRecovering(true)}>
              {say('forgotPin')}
            </UnstyledButton>
          </div>
        </div>
        <div className="bm-sign-right">
          <label htmlFor="bm-pin">
            <b>{chosen === null ? say('pin') : say('pinFor', { name: chosen.name })}</b>
          </label>
          <div className="bm-pin">
            <Dots pin={pin} />
            <input
              id="bm-pin"
              ref={field}
              type="password"
              inputMode="numeric"
              autoComplete="off"
              autoFocus
              data-default-field=""
              data-testid="pin"
              value={pin}
              aria-invalid={trouble.text !== ''}
              onChange={(event) => type(event.currentTarget.value)}
            />
          </div>
          <PinError trouble={trouble} />
          <ActionButton look="main" cap="Enter" onPress={() => void enter(pin)} testId="sign-in-button">
            {say('signIn')}
          </ActionButton>
          {waiting > 0 ? (
            <p className="bm-waiting" data-testid="scans-kept">
              <Icon name="scan" size={16} />
              {say('scansKept', { count: waiting })}
            </p>
          ) : null}
          {hasCart ? <p className="bm-dialog-help">{say('cartKept')}</p> : null}
          {shop?.isDemo === true ? (
            <div className="bm-demo" data-testid="demo-pins">
              <span>{say('demoPins')}</span>
              {shop.demoPins.map((one) => (
                <div key={one.name} className="bm-sum">
                  <span>{one.name}</span>
                  <b className="bm-num">{one.pin}</b>
                </div>
              ))}
            </div>
          ) : null}
        </div>
      </section>
    </main>
  );
}

function Recovery({ onBack }: { readonly onBack: () => void }) {
  const { say } = useWords();
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const trouble = usePinTrouble();
  const send = async (): Promise<void> => {
    const answer = await recover(code.trim(), pin);
    if (!answer.ok) trouble.show(answer.error);
  };
  useForm({ name: 'signIn', back: onBack, accept: () => void send() });
  return (
    <main className="bm-center" data-form="signIn">
      <section className="bm-card bm-narrow">
        <h1>{say('forgotPin')}</h1>
        <Field
          label={say('recoveryCode')}
          value={code}
          onText={setCode}
          isDefault
          error={trouble.text}
          testId="recovery-code"
        />
        <Field label={say('newPin')} value={pin} onText={setPin} type="password" />
        <div className="bm-pane-actions">
          <ActionButton look="main" cap="Enter" onPress={() => void send()}>
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
