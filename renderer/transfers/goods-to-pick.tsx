/**
 * Goods picked by scanner or by name, each with a quantity: for asking and for sending. Rule kept: a scan of what is there
 * already adds a piece (or its pack) to that line; quantities are the till's milli-units and never reckoned from text twice.
 */
import { useState } from 'react';
import type { FoundItem, ItemView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { formatQty, type Milli, milli, onePiece, parseQty, type Unit } from '#core/quantity.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Cap, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { nameIn, qtyText, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';

export type Picked = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  readonly text: string;
  /** What the other store asked for; null: nothing. */
  readonly wantedMilli: Milli | null;
  /** Among this store's items; one that is not can't be sent from here. */
  readonly isKnown: boolean;
};

/** Lines with a quantity; null where a text is none. */
export function pickedLines(
  picked: readonly Picked[],
): readonly { readonly itemId: Uuid; readonly qtyMilli: Milli }[] | null {
  const lines = picked.map(({ itemId, text }) => ({ itemId, qtyMilli: parseQty(text) }));
  if (lines.some(({ qtyMilli }) => qtyMilli === null || qtyMilli < 0)) return null;
  return lines.flatMap(({ itemId, qtyMilli }) => (qtyMilli === null || qtyMilli === 0 ? [] : [{ itemId, qtyMilli }]));
}

export type Picking = {
  readonly picked: readonly Picked[];
  readonly text: string;
  readonly error: string;
  readonly found: readonly FoundItem[];
  readonly setText: (text: string) => void;
  readonly setError: (text: string) => void;
  readonly setQty: (index: number, text: string) => void;
  readonly add: (item: FoundItem | ItemView) => void;
  readonly scan: (code: string) => void;
  /** Takes the first that was found, or the text as a code; false when there is no text. */
  readonly enter: () => boolean;
};

export function usePicking(first: readonly Picked[]): Picking {
  const [picked, setPicked] = useState(first);
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const searched = useAnswer(text.trim() === '' ? null : text.slice(0, 120), (till, typed) =>
    till.item.search({ text: typed, limit: 5 }),
  );
  const found = searched?.ok === true ? searched.value : [];
  const add = (item: FoundItem | ItemView): void => {
    setText('');
    setError('');
    play('added');
    setPicked((now) => {
      const known = now.find((one) => one.itemId === item.id);
      if (known === undefined) {
        const { id: itemId, name, nameHi, unit } = item;
        return [
          ...now,
          { itemId, name, nameHi, unit, text: formatQty(onePiece, unit), wantedMilli: null, isKnown: true },
        ];
      }
      const next = formatQty(milli((parseQty(known.text) ?? 0) + onePiece), known.unit);
      return now.map((one) => (one === known ? { ...one, text: next } : one));
    });
  };
  const scan = (code: string): void => {
    void ask((till) => till.item.byCode({ code })).then((answer) => {
      if (answer.ok) return add(answer.value);
      play('unknown');
      setError(errorText(answer.error));
    });
  };
  return {
    picked,
    text,
    error,
    found,
    setText: (next) => {
      setError('');
      setText(next);
    },
    setError,
    setQty: (index, next) => {
      setError('');
      setPicked((now) => now.map((one, i) => (i === index ? { ...one, text: next } : one)));
    },
    add,
    scan,
    enter: () => {
      if (text.trim() === '') return false;
      const hit = found[0];
      if (hit === undefined) scan(text.trim());
      else add(hit);
      return true;
    },
  };
}

/** The field, what it finds, and the lines. */
export function PickGoods({ picking, showsWanted }: { readonly picking: Picking; readonly showsWanted: boolean }) {
  const { say, language } = useWords();
  const { picked, found } = picking;
  const known = picked.filter((one) => one.isKnown).map((one) => one.itemId);
  const onHand = useAnswer(known.length === 0 ? null : known, (till, itemIds) =>
    till.stock.onHand({ itemIds: [...itemIds] }),
  );
  const here = new Map(onHand?.ok === true ? onHand.value.map((one) => [one.itemId, one.onHandMilli]) : []);
  return (
    <>
      <div className="bm-pad">
        <Field
          label={say('trScan')}
          value={picking.text}
          onText={picking.setText}
          isDefault
          error={picking.error}
          testId="transfer-field"
        />
        {found.map((item) => (
          <button
            key={item.id}
            type="button"
            className="bm-button bm-button-quiet bm-find-row"
            onClick={() => picking.add(item)}
          >
            {nameIn(item, language)}
            <b className="bm-push">{item === found[0] ? <Cap>Enter</Cap> : null}</b>
          </button>
        ))}
      </div>
      <div className="bm-transfer-line bm-head">
        <span>{say('colItem')}</span>
        <span>{showsWanted ? say('trWanted') : ''}</span>
        <span>{say('trOnHand')}</span>
        <span>{say('trQty')}</span>
      </div>
      <div className="bm-lines">
        {picked.length === 0 ? <p className="bm-pad bm-dialog-help">{say('trEmpty')}</p> : null}
        {picked.map((line, i) => {
          const stock = here.get(line.itemId);
          return (
            <div key={line.itemId} className="bm-transfer-line" data-testid="transfer-line">
              <span>
                {nameIn(line, language)} <small>{unitBeside(line.unit, say)}</small>
              </span>
              <span className="bm-num">{line.wantedMilli === null ? '' : formatQty(line.wantedMilli, line.unit)}</span>
              <span className="bm-num bm-quiet">{stock === undefined ? '' : qtyText(stock, line.unit, say)}</span>
              <input
                className="bm-input bm-number"
                inputMode="decimal"
                maxLength={12}
                data-testid="transfer-qty"
                aria-label={`${say('trQty')}: ${nameIn(line, language)}`}
                value={line.text}
                onFocus={(event) => event.currentTarget.select()}
                onChange={(event) => picking.setQty(i, event.currentTarget.value)}
              />
            </div>
          );
        })}
      </div>
    </>
  );
}
