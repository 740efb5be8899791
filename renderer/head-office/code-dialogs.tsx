/**
 * The questions of the stores page: a code for a till, a new store, revoking a till. Rule kept: a code is asked of the
 * server once per opening and is gone when the question closes.
 */
import { type FormEvent, useEffect, useId, useState } from 'react';
import { type MadeCode, type Me, officeApi, type TillStateView } from '#contract/server.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeDialog, OfficeField, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { whenOf } from './times.ts';

/** `help`: where it is typed. */
export function CodeShown({ made, help }: { readonly made: MadeCode; readonly help: string }) {
  const { say, language } = useOffice();
  const [nowMs] = useState(() => Date.now());
  return (
    <>
      <p className="bm-dialog-help">{help}</p>
      <output className="bm-display ho-code" data-testid="code">
        {`${made.code.slice(0, 4)}-${made.code.slice(4)}`}
      </output>
      <dl className="ho-pairs">
        <dt>{say('codeUntil', { when: whenOf(made.expiresAtMs, nowMs, say, language) })}</dt>
        <dd />
        <dt>{say('codeAddress')}</dt>
        <dd>{window.location.origin}</dd>
      </dl>
    </>
  );
}

export function CodeDialog(props: {
  readonly store: { readonly storeId: string; readonly name: string };
  readonly onDone: () => void;
}) {
  const { say } = useOffice();
  const [made, setMade] = useState<MadeCode | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const { storeId } = props.store;
  useEffect(() => {
    let isGone = false;
    void ask(officeApi.makeCode, { storeId }).then((answer) => {
      if (isGone) return;
      if (answer.ok) setMade(answer.value);
      else setTrouble(answer.error);
    });
    return () => {
      isGone = true;
    };
  }, [storeId]);
  return (
    <OfficeDialog
      name="code"
      title={say('codeTitle', { store: props.store.name })}
      onBack={props.onDone}
      footer={
        <OfficeButton look="main" cap="Esc" onPress={props.onDone} testId="code-done">
          {say('codeDone')}
        </OfficeButton>
      }
    >
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      {made === null ? null : <CodeShown made={made} help={say('codeHelp')} />}
    </OfficeDialog>
  );
}

export function NewStoreDialog(props: { readonly me: Me; readonly onDone: () => void }) {
  const { say } = useOffice();
  const formId = useId();
  const [name, setName] = useState('');
  const [region, setRegion] = useState(props.me.region ?? '');
  const [made, setMade] = useState<MadeCode | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    // A region that is not there yet comes with its first store.
    if (props.me.role === 'chain') {
      const added = await ask(officeApi.addRegion, { name: region.trim() });
      if (!added.ok) return setTrouble(added.error);
    }
    const answer = await ask(officeApi.makeNewStoreCode, { storeName: name.trim(), region: region.trim() });
    if (answer.ok) setMade(answer.value);
    else setTrouble(answer.error);
  };
  return (
    <OfficeDialog
      name="new-store"
      title={made === null ? say('newStoreTitle') : say('codeTitle', { store: name.trim() })}
      onBack={props.onDone}
      footer={
        made === null ? (
          <>
            <button type="submit" form={formId} className="bm-button bm-button-main" data-testid="new-store-go">
              {say('makeCode')}
            </button>
            <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
              {say('cancel')}
            </OfficeButton>
          </>
        ) : (
          <OfficeButton look="main" cap="Esc" onPress={props.onDone} testId="code-done">
            {say('codeDone')}
          </OfficeButton>
        )
      }
    >
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      {made === null ? (
        <form id={formId} onSubmit={(event) => void submit(event)}>
          <p className="bm-dialog-help">{say('newStoreHelp')}</p>
          <OfficeField label={say('storeName')} value={name} onText={setName} isFirst testId="store-name" />
          {props.me.role === 'chain' ? (
            <OfficeField label={say('region')} value={region} onText={setRegion} testId="store-region" />
          ) : null}
        </form>
      ) : (
        <CodeShown made={made} help={say('codeHelp')} />
      )}
    </OfficeDialog>
  );
}

export function RevokeDialog(props: { readonly till: TillStateView; readonly onDone: () => void }) {
  const { say } = useOffice();
  const { till } = props;
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const revoke = async (): Promise<void> => {
    const answer = await ask(officeApi.revokeTill, { storeId: till.storeId, tillId: till.tillId });
    if (answer.ok) props.onDone();
    else setTrouble(answer.error);
  };
  return (
    <OfficeDialog
      name="revoke"
      title={say('revokeTitle', { till: till.name, store: till.storeName })}
      onBack={props.onDone}
      footer={
        <>
          <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
            {say('keep')}
          </OfficeButton>
          <OfficeButton onPress={() => void revoke()} testId="revoke-go">
            {say('revokeDo')}
          </OfficeButton>
        </>
      }
    >
      <p className="bm-dialog-help">{say('revokeHelp')}</p>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
    </OfficeDialog>
  );
}
