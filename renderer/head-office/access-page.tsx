/**
 * Who comes in: role, what each sees, whether a phone is their second proof, and invitations that still open. Rule kept:
 * nobody sees another's password; shutting out is asked about first and can be undone; oneself is never shut out.
 */
import { useCallback, useEffect, useId, useState } from 'react';
import { type AccountView, type InviteView, type Me, officeApi, type OrgView } from '#contract/server.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { Chip, ListKeys, OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { InviteDialog, ShutOutDialog } from './access-dialogs.tsx';
import { roleName, seesText } from './access-words.ts';
import { goTo, useRoute } from './route.ts';
import { whenOf } from './times.ts';
import { useRows } from './use-rows.ts';

type Read = {
  readonly accounts: readonly AccountView[];
  readonly invites: readonly InviteView[];
  readonly org: OrgView | null;
  readonly atMs: number;
};

export function AccessPage({ me }: { readonly me: Me }) {
  const { say } = useOffice();
  const { id } = useRoute();
  const searchId = useId();
  const [read, setRead] = useState<Read | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const [text, setText] = useState('');
  const [open, setOpen] = useState<'invite' | 'shutOut' | null>(null);
  const again = useCallback(async (): Promise<void> => {
    const [accounts, invites, org] = await Promise.all([
      ask(officeApi.accounts, {}),
      ask(officeApi.invites, {}),
      ask(officeApi.org, {}),
    ]);
    const failed = [accounts, invites, org].find((answer) => !answer.ok);
    setTrouble(failed === undefined || failed.ok ? null : failed.error);
    if (accounts.ok && invites.ok && org.ok) {
      setRead({ accounts: accounts.value, invites: invites.value, org: org.value, atMs: Date.now() });
    }
  }, []);
  useEffect(() => {
    const first = setTimeout(() => void again(), 0);
    return () => clearTimeout(first);
  }, [again]);
  const people = (read?.accounts ?? []).filter((one) => one.email.includes(text.trim().toLowerCase()));
  const chosen = people.find((one) => one.accountId === id) ?? people[0];
  const mayShutOut = chosen !== undefined && chosen.accountId !== me.accountId;
  useRows({
    ids: people.map((one) => one.accountId),
    chosen: chosen?.accountId ?? null,
    onChoose: (accountId) => goTo('access', accountId),
    onOpen: () => {
      if (mayShutOut) setOpen('shutOut');
    },
    searchId,
  });
  const close = (): void => {
    setOpen(null);
    void again();
  };
  return (
    <>
      <PageHead
        title={say('accessTitle')}
        note={read === null ? say('loading') : say('accessNote', { count: read.accounts.length })}
      >
        <span className="ho-search">
          <label htmlFor={searchId} className="bm-hidden">
            {say('findAccess')}
          </label>
          <input
            id={searchId}
            className="bm-input"
            value={text}
            placeholder={say('findAccess')}
            onChange={(event) => setText(event.currentTarget.value)}
            data-testid="find"
          />
        </span>
        <OfficeButton look="main" icon="plus" onPress={() => setOpen('invite')} testId="invite">
          {say('invite')}
        </OfficeButton>
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <div className="ho-card ho-fill">
          <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('accessTitle')}>
            <AccessTable people={people} org={read?.org ?? null} chosen={chosen?.accountId ?? null} />
            {read === null || people.length > 0 ? null : (
              <p className="ho-calm">{say('findAccessNone', { text: text.trim() })}</p>
            )}
            {read?.accounts.length === 1 && text === '' ? <p className="ho-calm">{say('onlyYou')}</p> : null}
          </div>
          <ListKeys row={say('keyAccess')} enter={mayShutOut ? say('keyLook') : null} find={say('keyFind')} />
        </div>
        <section className="ho-card ho-side" aria-label={chosen?.email ?? say('accessTitle')} data-testid="person-side">
          {chosen === undefined ? null : (
            <Person
              person={chosen}
              org={read?.org ?? null}
              isMe={chosen.accountId === me.accountId}
              onShutOut={() => setOpen('shutOut')}
            />
          )}
          <Invites
            invites={read?.invites ?? []}
            org={read?.org ?? null}
            nowMs={read?.atMs ?? 0}
            onGone={() => void again()}
          />
        </section>
      </div>
      {open === 'invite' ? <InviteDialog org={read?.org ?? null} onDone={close} /> : null}
      {open === 'shutOut' && chosen !== undefined ? <ShutOutDialog person={chosen} onDone={close} /> : null}
    </>
  );
}

function AccessTable(props: {
  readonly people: readonly AccountView[];
  readonly org: OrgView | null;
  readonly chosen: string | null;
}) {
  const { say } = useOffice();
  return (
    <table className="ho-table" data-testid="people">
      <thead>
        <tr>
          <th scope="col">{say('colEmail')}</th>
          <th scope="col">{say('colRole')}</th>
          <th scope="col">{say('colSees')}</th>
          <th scope="col">{say('colPhone')}</th>
          <th scope="col">{say('colAccount')}</th>
        </tr>
      </thead>
      <tbody>
        {props.people.map((person) => (
          <tr
            key={person.accountId}
            data-row={person.accountId}
            className="ho-row"
            aria-selected={person.accountId === props.chosen}
            onClick={() => goTo('access', person.accountId)}
          >
            <td className="ho-strong">{person.email}</td>
            <td>{roleName(person.role, say)}</td>
            <td className="ho-quiet">{seesText(person, props.org, say)}</td>
            <td className="ho-quiet">{say(person.hasTotp ? 'hasPhone' : 'noPhone')}</td>
            <td>
              <Chip look={person.isDisabled ? 'quiet' : 'good'} icon={person.isDisabled ? 'lock' : 'check'}>
                {say(person.isDisabled ? 'accountShut' : 'accountOpen')}
              </Chip>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Person(props: {
  readonly person: AccountView;
  readonly org: OrgView | null;
  readonly isMe: boolean;
  readonly onShutOut: () => void;
}) {
  const { say } = useOffice();
  const { person } = props;
  return (
    <>
      <div className="ho-side-head">
        <h2 className="ho-long">{person.email}</h2>
      </div>
      <p className="ho-quiet">
        {say(person.isDisabled ? 'personShut' : person.hasTotp ? 'personPhone' : 'personNoPhone')}
      </p>
      <dl className="ho-pairs">
        <dt>{say('colRole')}</dt>
        <dd>{roleName(person.role, say)}</dd>
        <dt>{say('colSees')}</dt>
        <dd>{seesText(person, props.org, say)}</dd>
      </dl>
      {props.isMe ? (
        <p className="ho-quiet">{say('itIsYou')}</p>
      ) : (
        <div>
          <OfficeButton
            icon={person.isDisabled ? 'check' : 'lock'}
            cap="Enter"
            onPress={props.onShutOut}
            testId="shut-out"
          >
            {say(person.isDisabled ? 'letIn' : 'shutOut')}
          </OfficeButton>
        </div>
      )}
    </>
  );
}

function Invites(props: {
  readonly invites: readonly InviteView[];
  readonly org: OrgView | null;
  readonly nowMs: number;
  readonly onGone: () => void;
}) {
  const { say, language } = useOffice();
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const callOff = async (inviteId: string): Promise<void> => {
    const answer = await ask(officeApi.cancelInvite, { inviteId });
    setTrouble(answer.ok ? null : answer.error);
    props.onGone();
  };
  if (props.invites.length === 0) return null;
  return (
    <div data-testid="invites">
      <h3>{say('invitesOpen')}</h3>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      {props.invites.map((one) => (
        <div key={one.inviteId} className="ho-till">
          <span>
            <b>{one.role === 'chain' ? roleName(one.role, say) : seesText(one, props.org, say)}</b>
            <small>{say('inviteUntil', { when: whenOf(one.expiresAtMs, props.nowMs, say, language) })}</small>
          </span>
          <OfficeButton onPress={() => void callOff(one.inviteId)} testId="call-off">
            {say('callOff')}
          </OfficeButton>
        </div>
      ))}
    </div>
  );
}
