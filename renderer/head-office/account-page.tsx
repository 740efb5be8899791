/**
 * My account: who I am, my password, my phone as second proof. Rule kept: each change takes the password; the phone is
 * asked for at the next sign-in only once it has shown its digits.
 */
import { type FormEvent, useState } from 'react';
import { type Me, officeApi } from '#contract/server.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { Chip, OfficeButton, OfficeField, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { roleName } from './access-words.ts';
import { RemovePhoneDialog, SetUpPhoneDialog } from './phone-dialogs.tsx';

export function AccountPage(props: {
  readonly me: Me;
  /** Of a store's person: its name. */
  readonly store: string | null;
  readonly onChanged: () => void;
}) {
  const { say } = useOffice();
  const { me } = props;
  const [open, setOpen] = useState<'setUp' | 'remove' | null>(null);
  const close = (): void => {
    setOpen(null);
    props.onChanged();
  };
  const sees =
    me.role === 'chain'
      ? say('seesAll')
      : me.role === 'region'
        ? say('seesRegion', { region: me.region ?? '' })
        : props.store;
  return (
    <>
      <PageHead title={say('accountTitle')} note={me.email} />
      <div className="ho-account">
        <section className="ho-card" aria-label={say('youAre')}>
          <dl className="ho-pairs">
            <dt>{say('youAre')}</dt>
            <dd>{me.email}</dd>
            <dt>{say('colRole')}</dt>
            <dd>{`${roleName(me.role, say)}, ${me.organisation}`}</dd>
            <dt>{say('youSee')}</dt>
            <dd>{sees ?? ''}</dd>
          </dl>
        </section>
        <section className="ho-card" aria-label={say('phoneTitle')} data-testid="phone-card">
          <div className="ho-side-head">
            <h2>{say('phoneTitle')}</h2>
            <Chip look={me.hasTotp ? 'good' : 'warn'} icon={me.hasTotp ? 'check' : 'look'}>
              {say(me.hasTotp ? 'hasPhone' : 'noPhone')}
            </Chip>
          </div>
          <p className="ho-quiet">{say(me.hasTotp ? 'phoneOn' : 'phoneOff')}</p>
          <div>
            {me.hasTotp ? (
              <OfficeButton onPress={() => setOpen('remove')} testId="phone-remove">
                {say('phoneRemove')}
              </OfficeButton>
            ) : (
              <OfficeButton look="main" icon="lock" onPress={() => setOpen('setUp')} testId="phone-set">
                {say('phoneSet')}
              </OfficeButton>
            )}
          </div>
        </section>
        <PasswordCard email={me.email} />
      </div>
      {open === 'setUp' ? <SetUpPhoneDialog onDone={close} /> : null}
      {open === 'remove' ? <RemovePhoneDialog onDone={close} /> : null}
    </>
  );
}

function PasswordCard({ email }: { readonly email: string }) {
  const { say } = useOffice();
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const [said, setSaid] = useState<'done' | Failure | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await ask(officeApi.changePassword, { password: before, newPassword: after });
    setSaid(answer.ok ? 'done' : answer.error);
    if (!answer.ok) return;
    setBefore('');
    setAfter('');
  };
  return (
    <form
      className="ho-card ho-form"
      onSubmit={(event) => void submit(event)}
      aria-label={say('changePassword')}
      data-testid="password-card"
    >
      <h2>{say('changePassword')}</h2>
      {/* So that a password manager knows whose it is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <OfficeField
        label={say('password1')}
        value={before}
        onText={setBefore}
        type="password"
        autoComplete="current-password"
        testId="password-before"
      />
      <OfficeField
        label={say('password2')}
        hint={say('changeHelp')}
        value={after}
        onText={setAfter}
        type="password"
        autoComplete="new-password"
        testId="password-after"
      />
      {said === null ? null : said === 'done' ? (
        <output className="ho-quiet" data-testid="password-changed">
          {say('changed')}
        </output>
      ) : (
        <OfficeTrouble>{errorText(said, say)}</OfficeTrouble>
      )}
      <div>
        <OfficeButton isSubmit isDisabled={before === '' || after === ''} testId="password-go">
          {say('changePassword')}
        </OfficeButton>
      </div>
    </form>
  );
}
