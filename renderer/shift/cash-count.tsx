/**
 * Notes and coins, counted by pieces; Enter walks down. Rule kept: each row's amount and the sum are asked of
 * the till, nothing is multiplied here.
 */
import type { CashCount } from '#contract/views.ts';
import { formatPaise, type Paise, paise } from '#core/money.ts';
import { useAnswer } from '../link/use-answer.ts';
import { shortRupees } from '../words/formats.ts';
import { useWords } from '../words/words.ts';

type Kind = { readonly id: string; readonly value: Paise; readonly word: 'note' | 'coin' | 'noteWithdrawn' };
const kind = (rupees: number, word: Kind['word']): Kind => ({
  id: `${word}${rupees}`,
  value: paise(rupees * 100),
  word,
});
const kinds: readonly Kind[] = [
  ...[500, 200, 100, 50, 20, 10].map((rupees) => kind(rupees, 'note')),
  ...[20, 10, 5, 2, 1].map((rupees) => kind(rupees, 'coin')),
  // Withdrawn in 2023 and still money: one that was taken has its row, and Enter passes by it.
  kind(2000, 'noteWithdrawn'),
];

export type Pieces = Readonly<Record<string, string>>;

/** The count as the till reckons it; null until it has answered. */
export function useCashCount(pieces: Pieces): CashCount | null {
  const rows = kinds.map((one) => ({
    valuePaise: one.value,
    pieces: Math.min(100_000, Number(pieces[one.id] ?? '') || 0),
  }));
  const answer = useAnswer(rows, (till, counted) => till.shift.countCash({ rows: counted }));
  return answer?.ok === true ? answer.value : null;
}

export function CashCountTable(props: {
  readonly pieces: Pieces;
  readonly count: CashCount | null;
  readonly onPieces: (pieces: Pieces) => void;
  readonly isLocked: boolean;
}) {
  const { pieces, count, onPieces, isLocked } = props;
  const { say } = useWords();
  return (
    // Locked, it is no form: the keys belong to what stands beside it.
    <div className="bm-cash" data-form={isLocked ? undefined : 'cash'}>
      <div className="bm-cash-head">
        <span />
        <span>{say('pieces')}</span>
        <span>{say('amount')}</span>
      </div>
      {kinds.map((one, i) => (
        <div key={one.id} className="bm-cash-row">
          <label htmlFor={`bm-${one.id}`}>{say(one.word, { value: shortRupees(one.value) })}</label>
          <input
            id={`bm-${one.id}`}
            className="bm-input bm-number"
            inputMode="numeric"
            autoFocus={i === 0 && !isLocked}
            data-default-field={i === 0 && !isLocked ? '' : undefined}
            data-testid={`pieces-${one.id}`}
            data-passed-by={one.word === 'noteWithdrawn' ? '' : undefined}
            disabled={isLocked}
            maxLength={6}
            value={pieces[one.id] ?? ''}
            onChange={(event) => onPieces({ ...pieces, [one.id]: event.currentTarget.value.replace(/\D/g, '') })}
          />
          <b className="bm-num">{formatPaise(count?.rows[i]?.amountPaise ?? paise(0))}</b>
        </div>
      ))}
      <div className="bm-cash-total">
        <b>{say('counted')}</b>
        <b className="bm-num" data-testid="counted">
          {formatPaise(count?.totalPaise ?? paise(0))}
        </b>
      </div>
    </div>
  );
}
