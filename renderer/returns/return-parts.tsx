/** Parts both kinds of return share: the reason, the way back, the amount panel. Rule kept: UPI can't be paid
 * back from here, so cash or a credit note. */
import type { ReturnReason } from '#contract/views.ts';
import { formatRupees, type Paise } from '#core/money.ts';
import { Choose } from '../parts/choose.tsx';

import { useWords, type Word } from '../words/words.ts';

export type WayBack = 'cash' | 'creditNote';
const reasons: readonly (readonly [ReturnReason, Word])[] = [
  ['notWanted', 'rNotWanted'],
  ['damaged', 'rDamaged'],
  ['expired', 'rExpired'],
  ['wrongItem', 'rWrongItem'],
  ['priceDispute', 'rPriceDispute'],
  ['other', 'rOther'],
];

export function ReasonAndWay(props: {
  readonly reason: ReturnReason;
  readonly onReason: (reason: ReturnReason) => void;
  readonly way: WayBack;
  readonly onWay: (way: WayBack) => void;
}) {
  const { say } = useWords();
  return (
    <div className="bm-card bm-pad bm-stack">
      <Choose
        label={say('returnReason')}
        value={props.reason}
        options={reasons.map(([value, word]) => ({ value, text: say(word) }))}
        onChoose={props.onReason}
      />
      <Choose
        label={say('refundBy')}
        value={props.way}
        options={[
          { value: 'cash', text: say('byCash') },
          { value: 'creditNote', text: say('byNote') },
        ]}
        onChoose={props.onWay}
      />
    </div>
  );
}

export function RefundPanel({ amountPaise }: { readonly amountPaise: Paise | null }) {
  const { say } = useWords();
  const text = amountPaise === null ? '₹0.00' : formatRupees(amountPaise);
  return (
    <section className="bm-topay" aria-label={say('refund')}>
      <div className="bm-topay-row">
        <b>{say('refund')}</b>
      </div>
      <div
        className={text.length > 9 ? 'bm-topay-sum bm-topay-sum-long bm-refund' : 'bm-topay-sum bm-refund'}
        data-testid="refund"
      >
        {text}
      </div>
      <div className="bm-topay-row">&nbsp;</div>
    </section>
  );
}
