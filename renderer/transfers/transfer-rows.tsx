/**
 * The list of transfers in the order of what a person has to do. Rule kept: what is to be done stands first; a row says
 * which way, with whom, how it stands and since when.
 */
import { UnstyledButton } from '@mantine/core';
import { Fragment, useState } from 'react';
import type { TransferList, TransferRow } from '#contract/till-transfers.ts';
import { formatRupees } from '#core/money.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { useForm } from '../keys/form-stack.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { clockTime, shortDay } from '../words/formats.ts';
import { useWords, type Word } from '../words/words.ts';
import { stateWords } from './transfer-words.ts';

const isOver = ({ state }: TransferRow): boolean => state !== 'requested' && state !== 'inTransit';
const groupOf = (row: TransferRow): Word => {
  if (isOver(row)) return 'trDone';
  if (row.way === 'out' && row.state === 'requested') return 'trToSend';
  return row.way === 'in' && row.state === 'inTransit' ? 'trComing' : 'trWaiting';
};
const groups: readonly Word[] = ['trToSend', 'trComing', 'trWaiting', 'trDone'];

export function TransferRows(props: {
  readonly list: TransferList | null;
  readonly error: string;
  readonly onOpen: (transferId: TransferRow['transferId']) => void;
  readonly onAsk: () => void;
  readonly onSend: () => void;
  readonly onBack: () => void;
}) {
  const { say } = useWords();
  const { list } = props;
  const [at, setAt] = useState(0);
  const rows = groups.flatMap((group) => (list?.transfers ?? []).filter((row) => groupOf(row) === group));
  const chosen = rows[Math.min(at, rows.length - 1)];
  const canMake = list?.isJoined === true && list.stores.length > 0;
  const make = (go: () => void) => (): void => {
    if (canMake) go();
  };
  useForm({
    name: 'transfers',
    back: props.onBack,
    enter: () => {
      if (chosen !== undefined) props.onOpen(chosen.transferId);
    },
    move: (key) => {
      const by = key === 'Up' ? -1 : key === 'Down' ? 1 : key === 'PageUp' ? -10 : key === 'PageDown' ? 10 : 0;
      const to = key === 'Home' ? 0 : key === 'End' ? rows.length - 1 : at + by;
      const next = Math.max(0, Math.min(rows.length - 1, to));
      setAt(next);
      document.querySelector(`[data-transfer-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    },
    same: { F2: make(props.onAsk), F3: make(props.onSend) },
  });
  const empty =
    list === null
      ? null
      : list.isJoined
        ? list.stores.length === 0
          ? say('trNoStores')
          : say('trNone')
        : say('trNotJoined');
  return (
    <>
      <main className="bm-main" data-form="transfers" data-testid="transfers-screen">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('trTitle')}</h1>
          </div>
          {props.error === '' ? null : (
            <div className="bm-pad bm-field-error" role="alert">
              {props.error}
            </div>
          )}
          <div className="bm-lines" role="listbox" aria-label={say('trTitle')} tabIndex={-1}>
            {rows.length === 0 && empty !== null ? <p className="bm-pad bm-dialog-help">{empty}</p> : null}
            {rows.map((row, i) => (
              <Fragment key={row.transferId}>
                {i > 0 && groupOf(rows[i - 1] ?? row) === groupOf(row) ? null : (
                  <div className="bm-transfer-group" role="presentation">
                    {say(groupOf(row))}
                  </div>
                )}
                <OneRow row={row} at={i} isChosen={row === chosen} onOpen={() => props.onOpen(row.transferId)} />
              </Fragment>
            ))}
          </div>
        </section>
        <aside className="bm-right">
          <ActionButton
            look="main"
            cap="Enter"
            onPress={() => chosen !== undefined && props.onOpen(chosen.transferId)}
            isDisabled={chosen === undefined}
            testId="transfer-open"
          >
            {say(chosen !== undefined && groupOf(chosen) === 'trToSend' ? 'trSend' : 'trOpen')}
          </ActionButton>
          <ActionButton cap="F2" onPress={props.onAsk} isDisabled={!canMake} testId="transfer-ask">
            {say('trAsk')}
          </ActionButton>
          <ActionButton cap="F3" onPress={props.onSend} isDisabled={!canMake} testId="transfer-send">
            {say('trSend')}
          </ActionButton>
          <div className="bm-space" />
          <ActionButton look="quiet" cap="Esc" onPress={props.onBack}>
            {say('kBack')}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupTransfer',
            hints: [
              { key: 'Up', cap: '↑ ↓', word: 'kMoveForm' },
              { key: 'Enter', cap: 'Enter', word: 'trOpen' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}

function OneRow(props: {
  readonly row: TransferRow;
  readonly at: number;
  readonly isChosen: boolean;
  readonly onOpen: () => void;
}) {
  const { say, language } = useWords();
  const { row } = props;
  return (
    <UnstyledButton
      role="option"
      aria-selected={props.isChosen}
      className={props.isChosen ? 'bm-transfer bm-row-chosen' : 'bm-transfer'}
      data-testid="transfer-row"
      data-transfer-at={props.at}
      onClick={props.onOpen}
    >
      <b>{say(row.way === 'out' ? 'trOut' : 'trIn', { store: row.otherName })}</b>
      <span>{say('trItems', { count: row.items })}</span>
      <span>{row.sentPaise === 0 ? '' : formatRupees(row.sentPaise)}</span>
      <span>
        {shortDay(row.changedAtMs, language)} {clockTime(row.changedAtMs, language)}
      </span>
      <span className="bm-transfer-state">
        {say(stateWords[row.state])}
        {row.hasVariance ? <b className="bm-transfer-warn">{say('trVariance')}</b> : null}
        {row.conflicts.length > 0 ? <b className="bm-transfer-warn">{say('trConflict')}</b> : null}
      </span>
    </UnstyledButton>
  );
}
