/**
 * Sign-in, and the set-up link that makes an account. Rule kept: the six digits are asked for only when the server wants
 * them; what was typed stays when something is wrong; the password is never kept.
 */
import { type FormEvent, useState } from 'react';
import { type Me, officeApi } from '#contract/server.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { Icon } from '../parts/icons.tsx';
import { OfficeButton, OfficeField, OfficeTrouble } from './office-pieces.tsx';
import { setOfficeLanguage, useOffice } from './office-words.ts';

export function SignIn(props: {
  readonly onSignedIn: (me: Me) => void;
  /** Of a set-up link; null: sign in. */
  readonly invite: string | null;
  readonly isOver: boolean;
}) {
  const { say, language } = useOffice();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [isCodeNeeded, setCodeNeeded] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(props.isOver ? say('sessionOver') : null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setTrouble(null);
    const answer =
      props.invite === null
        ? await ask(officeApi.signIn, { email, password, ...(isCodeNeeded ? { code } : {}) })
        : await ask(officeApi.acceptInvite, { code: props.invite, email, password });
    setBusy(false);
    if (answer.ok) return props.onSignedIn(answer.value);
    if (answer.error.type === 'CodeNeeded' && !isCodeNeeded) return setCodeNeeded(true);
    setCode('');
    setTrouble(errorText(answer.error, say));
  };

  return (
    <main className="ho-sign">
      <form className="ho-card" onSubmit={(event) => void submit(event)} data-testid="sign-in">
        <h1>
          <Icon name="receipt" size={26} />
          {props.invite === null ? say('signInTitle') : say('setUpTitle')}
        </h1>
        <p>{props.invite === null ? say('signInHelp') : say('setUpHelp')}</p>
        {trouble === null ? null : <OfficeTrouble>{trouble}</OfficeTrouble>}
        <OfficeField
          label={say('email')}
          value={email}
          onText={setEmail}
          type="email"
          autoComplete="username"
          isFirst
          testId="email"
        />
        <OfficeField
          label={say('password')}
          value={password}
          onText={setPassword}
          type="password"
          autoComplete={props.invite === null ? 'current-password' : 'new-password'}
          testId="password"
        />
        {isCodeNeeded ? (
          <OfficeField
            label={say('totp')}
            hint={say('totpHelp')}
            value={code}
            onText={setCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={40}
            isFirst
            testId="totp"
          />
        ) : null}
        <OfficeButton look="main" isSubmit isDisabled={isBusy} cap="Enter" testId="sign-in-go">
          {isBusy ? say('signingIn') : props.invite === null ? say('signIn') : say('setUpGo')}
        </OfficeButton>
        <OfficeButton look="quiet" onPress={() => setOfficeLanguage(language === 'en' ? 'hi' : 'en')} testId="language">
          {say('otherLanguage')}
        </OfficeButton>
      </form>
    </main>
  );
}
