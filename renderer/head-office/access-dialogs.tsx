/**
 * The questions of the people page: inviting somebody, shutting somebody out or letting them in. Rule kept: a link is
 * shown once and is gone when the question closes; what is asked about is said in words before it is done.
 */
import { type FormEvent, useId, useState } from 'react';
import { type AccountView, type OfficeRole, officeApi, type OrgView } from '#contract/server.ts';
import { Choose } from '../parts/choose.tsx';
import { ask, type Failure } from './api.ts';
import { CopyButton } from './copy-button.tsx';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeDialog, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { seesText } from './access-words.ts';
import { whenOf } from './times.ts';

type Made = { readonly link: string; readonly expiresAtMs: number };

export function InviteDialog(props: { readonly org: OrgView | null; readonly onDone: () => void }) {
  const { say, language } = useOffice();
  const formId = useId();
  const linkId = useId();
  const regions = props.org?.regions ?? [];
  const stores = regions.flatMap((region) => region.stores);
  const [role, setRole] = useState<OfficeRole>('store');
  const [region, setRegion] = useState(regions[0]?.name ?? '');
  const [storeId, setStoreId] = useState<string>(stores[0]?.storeId ?? '');
  const [openedMs] = useState(() => Date.now());
  const [made, setMade] = useState<Made | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const place = { role, region: role === 'region' ? region : null, storeId: role === 'store' ? storeId : null };
  const who = seesText(place, props.org, say);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await ask(officeApi.invite, { ...place, storeId: place.storeId as never });
    setTrouble(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    const { code, expiresAtMs } = answer.value;
    setMade({ link: `${window.location.origin}/#/setup/${code}`, expiresAtMs });
  };
  return (
    <OfficeDialog
      name="invite"
      title={made === null ? say('inviteTitle') : say('linkTitle', { who })}
      onBack={props.onDone}
      footer={
        made === null ? (
          <>
            <button type="submit" form={formId} className="bm-button bm-button-main" data-testid="invite-go">
              {say('inviteGo')}
            </button>
            <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
              {say('cancel')}
            </OfficeButton>
          </>
        ) : (
          <>
            <CopyButton text={made.link} />
            <OfficeButton look="main" cap="Esc" onPress={props.onDone} testId="link-done">
              {say('codeDone')}
            </OfficeButton>
          </>
        )
      }
    >
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      {made === null ? (
        <form id={formId} className="ho-form" onSubmit={(event) => void submit(event)}>
          <p className="bm-dialog-help">{say('inviteHelp')}</p>
          <Choose
            label={say('whatTheySee')}
            value={role}
            onChoose={setRole}
            testId="invite-role"
            options={[
              { value: 'store', text: say('roleNameStore') },
              { value: 'region', text: say('roleNameRegion') },
              { value: 'chain', text: `${say('roleNameChain')}: ${say('seesAll')}` },
            ]}
          />
          {role === 'region' ? (
            <Choose
              label={say('whichRegion')}
              value={region}
              onChoose={setRegion}
              testId="invite-region"
              options={regions.map((one) => ({ value: one.name, text: one.name }))}
            />
          ) : null}
          {role === 'store' ? (
            <Choose
              label={say('whichStore')}
              value={storeId}
              onChoose={setStoreId}
              testId="invite-store"
              options={stores.map((one) => ({ value: one.storeId, text: one.name }))}
            />
          ) : null}
        </form>
      ) : (
        <>
          <p className="bm-dialog-help">{say('linkHelp')}</p>
          <div className="bm-field">
            <label htmlFor={linkId}>{say('link')}</label>
            <input
              id={linkId}
              className="bm-input"
              readOnly
              autoFocus
              value={made.link}
              onFocus={(event) => event.currentTarget.select()}
              data-testid="link"
            />
            <div className="bm-field-hint">
              {say('inviteUntil', { when: whenOf(made.expiresAtMs, openedMs, say, language) })}
            </div>
          </div>
        </>
      )}
    </OfficeDialog>
  );
}

export function ShutOutDialog(props: { readonly person: AccountView; readonly onDone: () => void }) {
  const { say } = useOffice();
  const { accountId, email, isDisabled } = props.person;
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const go = async (): Promise<void> => {
    const answer = await ask(isDisabled ? officeApi.enableAccount : officeApi.disableAccount, { accountId });
    if (answer.ok) props.onDone();
    else setTrouble(answer.error);
  };
  return (
    <OfficeDialog
      name="shut-out"
      title={say(isDisabled ? 'letInTitle' : 'shutOutTitle', { email })}
      onBack={props.onDone}
      footer={
        <>
          <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
            {say('keep')}
          </OfficeButton>
          <OfficeButton onPress={() => void go()} testId="shut-out-go">
            {say(isDisabled ? 'letIn' : 'shutOut')}
          </OfficeButton>
        </>
      }
    >
      <p className="bm-dialog-help">{say(isDisabled ? 'letInHelp' : 'shutOutHelp')}</p>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
    </OfficeDialog>
  );
}
