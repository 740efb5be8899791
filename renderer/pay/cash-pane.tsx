/**
 * Cash: the amount handed over, the likely notes, what to give back. Rule kept: what remains is asked of the
 * till for each amount typed; Enter without an amount is exact.
 */
import { UnstyledButton } from '@mantine/core';
import type { CashPreview } from '#contract/views.ts';
import { formatPaise, formatRupees, paiseToDecimal, parsePaise } from '#core/money.ts';
import { useHeader } from '../counter/cart-store.ts';
import { uiStore, useUi } from '../counter/ui-store.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { shortRupees } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { payEnter } from './pay-actions.ts';

const noNotes: readonly CashPreview[] = [];

/** What the typed amount would leave, as the till reckons it. */
function usePreview(text: string, due: number): CashPreview | null {
  const notes = useHeader((header) => header.likelyCash, noNotes);
  const amountPaise = text.trim() === '' ? null : parsePaise(text);
  const known = notes.find((note) => note.amountPaise === amountPaise) ?? null;
  const question = amountPaise === null || amountPaise <= 0 || known !== null ? null : { amountPaise, due };
  const answer = useAnswer(question, (till, asked) => till.cart.previewCash({ amountPaise: asked.amountPaise }));
  return known ?? (answer?.ok === true ? answer.value : null);
}

export function CashPane() {
  const { say } = useWords();
  const due = useHeader((header) => header.totals.stillToCollectPaise, null);
  const change = useHeader((header) => header.totals.changePaise, null);
  const notes = useHeader((header) => header.likelyCash, noNotes);
  const amount = useUi((ui) => ui.payAmount);
  const preview = usePreview(amount, due ?? 0);
  const isDone = due !== null && due <= 0;
  return (
    <div className="bm-pane" data-testid="cash-pane">
      <label className="bm-field" htmlFor="bm-cash">
        <b>{say('cashGiven')}</b>
        <input
          id="bm-cash"
          className="bm-input bm-cash-input bm-display"
          value={amount}
          autoFocus
          inputMode="decimal"
          maxLength={14}
          placeholder={due === null || isDone ? '' : formatPaise(due)}
          data-default-field=""
          data-testid="cash-amount"
          autoComplete="off"
          onChange={(event) => uiStore.patch({ payAmount: event.currentTarget.value })}
        />
        <span className="bm-field-hint">
          {isDone ? say('nothingToCollect') : due === null ? '' : say('cashHelp', { amount: formatPaise(due) })}
        </span>
      </label>
      <div className="bm-notes">
        {notes.map((note) => (
          <UnstyledButton
            key={note.amountPaise}
            tabIndex={-1}
            className={parsePaise(amount) === note.amountPaise ? 'bm-note bm-note-chosen' : 'bm-note'}
            onClick={() => uiStore.patch({ payAmount: paiseToDecimal(note.amountPaise).replace(/\.00$/, '') })}
          >
            ₹{shortRupees(note.amountPaise)}
            <small>
              {note.changePaise === 0 ? say('exact') : say('giveBack', { amount: shortRupees(note.changePaise) })}
            </small>
          </UnstyledButton>
        ))}
        {notes.length > 1 ? <Cap>+</Cap> : null}
      </div>
      <div className="bm-give-back" aria-live="polite">
        {isDone && change !== null && change > 0 ? (
          <b className="bm-display">{say('giveBack', { amount: formatPaise(change) })}</b>
        ) : preview === null ? null : preview.stillToCollectPaise > 0 ? (
          <span className="bm-give-short" data-testid="still-short">
            {say('short', { amount: formatPaise(preview.stillToCollectPaise) })}
          </span>
        ) : (
          <b className="bm-display" data-testid="give-back">
            {say('giveBack', { amount: formatPaise(preview.changePaise) })}
          </b>
        )}
      </div>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Enter" onPress={() => void payEnter()} testId="take-cash">
          {isDone || amount === '' || (preview !== null && preview.stillToCollectPaise <= 0)
            ? say('finish')
            : say('takeCash')}
        </ActionButton>
        {due === null || isDone ? null : <span className="bm-dialog-help">{formatRupees(due)}</span>}
      </div>
    </div>
  );
}
