/** One row of goods to label: name, lot with its MRP, weight of a pack, how many. Rule kept: keys are the form's. */
import type { LabelGoods } from '#contract/till-label.ts';
import { formatPaise, formatRupees } from '#core/money.ts';
import { Cap } from '../parts/pieces.tsx';
import { longDate, nameIn } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { countOf, isWeighedGoods, type LabelRow } from './label-rows.ts';

function lotWords(lot: LabelGoods['lots'][number], say: Say, language: 'en' | 'hi'): string {
  const mrp = say('lbLotMrp', { mrp: lot.mrpPaise === null ? '–' : formatPaise(lot.mrpPaise) });
  const date = lot.expiresOn === null ? null : longDate(lot.expiresOn, language);
  return [mrp, lot.code, date].filter((part) => part !== null && part !== '').join(' · ');
}

export function GoodsRow(props: {
  readonly row: LabelRow;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onChange: (change: Partial<LabelRow>) => void;
}) {
  const { say, language } = useWords();
  const { row, isChosen, onChoose, onChange } = props;
  const { goods } = row;
  const name = nameIn(goods, language);
  const lots = goods.lots;
  return (
    <div
      className={isChosen ? 'bm-label-row bm-row-chosen' : 'bm-label-row'}
      data-testid="label-row"
      aria-current={isChosen}
      onPointerDown={onChoose}
    >
      <span className="bm-label-name">
        <b>{name}</b>
        <small>
          {goods.code} · {formatRupees(goods.sellingPricePaise)}
        </small>
      </span>
      {lots.length === 0 ? (
        <span />
      ) : (
        <select
          className="bm-input"
          aria-label={`${say('lbLot')}: ${name}`}
          value={row.batchId ?? ''}
          onFocus={onChoose}
          onChange={(event) => {
            const id = event.currentTarget.value;
            onChange({ batchId: lots.find((lot) => lot.batchId === id)?.batchId ?? null });
          }}
        >
          <option value="">{say('lbNoLot')}</option>
          {lots.map((lot) => (
            <option key={lot.batchId} value={lot.batchId}>
              {lotWords(lot, say, language)}
            </option>
          ))}
        </select>
      )}
      {isWeighedGoods(goods) ? (
        <input
          className="bm-input bm-number"
          aria-label={say('lbWeightOf', { name })}
          placeholder={say('lbWeight')}
          value={row.weight}
          maxLength={8}
          onFocus={onChoose}
          onChange={(event) => onChange({ weight: event.currentTarget.value })}
        />
      ) : (
        <span />
      )}
      <span className="bm-label-count">
        {isChosen ? <Cap>F2</Cap> : null}
        <input
          className="bm-input bm-number"
          aria-label={say('lbCountOf', { name })}
          aria-invalid={countOf(row.count) === null}
          value={row.count}
          maxLength={4}
          inputMode="numeric"
          data-count={row.key}
          data-testid="label-count"
          onFocus={onChoose}
          onChange={(event) => onChange({ count: event.currentTarget.value })}
        />
      </span>
    </div>
  );
}
