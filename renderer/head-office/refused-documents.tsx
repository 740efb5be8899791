/**
 * What was kept aside of the chosen till, in rupees and words. Rule kept: what is safe stands first (the money in the
 * drawer), then what the server saw, then what happens next; no word of ours, no code.
 */
import { useEffect, useState } from 'react';
import { type RefusedView, refusedApi } from '#contract/refused.ts';
import type { TillStateView } from '#contract/server.ts';
import { formatRupees } from '#core/money.ts';
import { ask } from './api.ts';
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
  const { say, language } = useOffice();
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
    <article key={`${one.documentId}${one.kind}`} className="ho-aside" data-testid="refused">
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
    </article>
  ));
}
