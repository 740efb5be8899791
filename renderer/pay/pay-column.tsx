/** The right column while paying: totals, what came in, what is still to collect. Rule kept: the amount panel
 * below it does not move; scanning goes on. */
import { UnstyledButton } from '@mantine/core';
import type { CartTender } from '#core/billing/cart.ts';
import { formatPaise } from '#core/money.ts';
import { useHeader } from '../counter/cart-store.ts';
import { useUi } from '../counter/ui-store.ts';
import { Icon } from '../parts/icons.tsx';
import { Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { finishBill } from './pay-actions.ts';

const words: Readonly<Record<CartTender['kind'], Word>> = {
  cash: 'cashReceived',
  upi: 'upiReceived',
  card: 'cardReceived',
  creditNote: 'creditNote',
};

export function Collected() {
  const { say } = useWords();
  const parts = useHeader((header) => ({ tenders: header.tenders, totals: header.totals }), null);
  if (parts === null) return null;
  const { tenders, totals } = parts;
  return (
    <div className="bm-card bm-collected" data-testid="collected">
      {tenders.map((tender) => (
        <div key={tender.id}>
          <span>
            {say(words[tender.kind])}{' '}
            {tender.status === 'waiting' ? (
              <small className="bm-info-text">{say('waiting')}</small>
            ) : (
              <span className="bm-good-text">
                <Icon name="check" size={16} />
              </span>
            )}
          </span>
          <b className={tender.status === 'waiting' ? 'bm-num bm-info-text' : 'bm-num'}>
            {formatPaise(tender.amountPaise)}
          </b>
        </div>
      ))}
      <div className="bm-collected-due">
        <b>{say('stillToCollect')}</b>
        <b className="bm-num" data-testid="still-to-collect">
          {formatPaise(totals.stillToCollectPaise)}
        </b>
      </div>
      {totals.changePaise > 0 ? (
        <div>
          <span>{say('change')}</span>
          <b className="bm-num bm-under-warn">{formatPaise(totals.changePaise)}</b>
        </div>
      ) : null}
    </div>
  );
}

export function CanStillScan() {
  const { say } = useWords();
  return (
    <div className="bm-card bm-still-scan">
      <Icon name="scan" size={20} />
      <span>{say('canStillScan')}</span>
    </div>
  );
}

export function FinishButton() {
  const { say } = useWords();
  const parts = useHeader(
    (header) => ({
      due: header.totals.stillToCollectPaise,
      isWaiting: header.tenders.some((tender) => tender.status === 'waiting'),
    }),
    null,
  );
  const isSaving = useUi((ui) => ui.isSaving);
  const due = parts?.due ?? null;
  const isWaiting = parts?.isWaiting ?? false;
  if (isSaving || isWaiting || (due !== null && due > 0)) {
    return (
      <UnstyledButton className="bm-pay" disabled data-testid="pay">
        {isSaving
          ? say('saving')
          : isWaiting
            ? say('finishesUpi')
            : say('collectFirst', { amount: due === null ? '' : formatPaise(due) })}
      </UnstyledButton>
    );
  }
  return (
    <UnstyledButton className="bm-pay" onClick={() => void finishBill()} data-testid="pay">
      {say('finish')} <Cap isLarge>F9</Cap>
    </UnstyledButton>
  );
}
