/**
 * What was kept aside of the chosen till, in rupees and words. Rule kept: what is safe stands first (the money in the
 * drawer), then what the server saw, then what happens next; no word of ours, no code.
 */
import { type FormEvent, useEffect, useState } from 'react';
import { type RefusedView, refusedApi } from '#contract/refused.ts';
import type { TillStateView } from '#contract/server.ts';
import { formatRupees } from '#core/money.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { newUuid } from './new-uuid.ts';
import { OfficeButton, OfficeField } from './office-pieces.tsx';
import { type OfficeWord, useOffice } from './office-words.ts';
import { whenOf } from './times.ts';

const reasonWords: Readonly<Record<RefusedView['reason'], OfficeWord>> = {
  unreadable: 'rUnreadable',
  doesNotAddUp: 'rDoesNotAddUp',
  notYours: 'rNotYours',
  numberTaken: 'rNumberTaken',
  dateOutOfRange: 'rDateOutOfRange',
  changed: 'rChanged',
  fault: 'rOther',
};

const docWord = (one: RefusedView): OfficeWord =>
  one.number === null ? 'docOther' : one.kind === 'creditNote' ? 'docCreditNote' : 'docBill';

export function RefusedDocuments({ till, nowMs }: { readonly till: TillStateView; readonly nowMs: number }) {
  const [list, setList] = useState<readonly RefusedView[]>([]);
  const { storeId, tillId, refused } = till;
  useEffect(() => {
    let isGone = false;
    if (refused > 0) {
      void ask(refusedApi.refused, { storeId, tillId }).then((answer) => {
        if (!isGone && answer.ok) setList(answer.value);
      });
    }
    return () => {
      isGone = true;
    };
  }, [storeId, tillId, refused]);
  if (refused === 0) return null;
  return list.map((one) => (
    <RefusedOne key={`${one.documentId}${one.kind}`} {...{ one, till, nowMs }} onList={setList} />
  ));
}

function RefusedOne(props: {
  readonly one: RefusedView;
  readonly till: TillStateView;
  readonly nowMs: number;
  readonly onList: (list: readonly RefusedView[]) => void;
}) {
  const { say, language } = useOffice();
  const { one, till, nowMs } = props;
  return (
    <article className="ho-aside" data-testid="refused">
      <p>
        <b>{say(docWord(one), { number: one.number ?? '' })}</b>{' '}
        <span className="ho-quiet">{whenOf(one.occurredAtMs, nowMs, say, language)}</span>
      </p>
      {one.payablePaise === null ? null : (
        <dl className="ho-pairs">
          {one.linesPaise === null ? null : (
            <>
              <dt>{say('linesSay')}</dt>
              <dd>{formatRupees(one.linesPaise)}</dd>
            </>
          )}
          {one.roundOffPaise === null ? null : (
            <>
              <dt>{say('roundOffSays')}</dt>
              <dd>{one.roundOffPaise === 0 ? say('noneOfIt') : formatRupees(one.roundOffPaise)}</dd>
            </>
          )}
          <dt>{say('billSays')}</dt>
          <dd>{formatRupees(one.payablePaise)}</dd>
        </dl>
      )}
      <p>{say(reasonWords[one.reason])}</p>
      {one.notes.map((note) => (
        <p key={`${note.atMs}${note.note}`} data-testid="refused-note">
          {say(note.source === 'reversed' ? 'refusedReversed' : 'refusedNote', { who: note.byName, note: note.note })}{' '}
          <span className="ho-quiet">{whenOf(note.atMs, nowMs, say, language)}</span>
        </p>
      ))}
      <AcceptForm one={one} till={till} onList={props.onList} />
    </article>
  );
}

/** Nobody accepts by a slip: the button opens the field, and a note is asked for. */
function AcceptForm(props: {
  readonly one: RefusedView;
  readonly till: TillStateView;
  readonly onList: (list: readonly RefusedView[]) => void;
}) {
  const { say } = useOffice();
  const { storeId, tillId } = props.till;
  const { documentId, kind } = props.one;
  const [noteId] = useState(newUuid);
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const [told, setTold] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const accept = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const said = note.trim();
    if (isBusy) return;
    if (said === '') return setTold(say('acceptNeedsNote'));
    setBusy(true);
    const answer = await ask(refusedApi.settle, { storeId, tillId, documentId, kind, noteId, note: said });
    setBusy(false);
    if (answer.ok) props.onList(answer.value);
    else setTold(errorText(answer.error, say));
  };
  if (!isOpen) {
    return (
      <OfficeButton onPress={() => setOpen(true)} testId="refused-accept">
        {say('acceptWithNote')}
      </OfficeButton>
    );
  }
  return (
    <form onSubmit={(event) => void accept(event)}>
      <OfficeField
        label={say('acceptNote')}
        hint={say('acceptHelp')}
        value={note}
        onText={(text) => {
          setNote(text);
          setTold(undefined);
        }}
        error={told}
        maxLength={200}
        isFirst
        testId="refused-note-field"
      />
      <div className="ho-side-foot">
        <OfficeButton look="main" isSubmit cap="Enter" isDisabled={isBusy} testId="refused-accept-now">
          {say('acceptIt')}
        </OfficeButton>
        <OfficeButton onPress={() => setOpen(false)}>{say('acceptLater')}</OfficeButton>
      </div>
    </form>
  );
}
