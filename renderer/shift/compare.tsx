/** The count beside what should be there. Rule kept: the difference is the largest thing on the screen, since
 * everything else adds up to it; amounts are the till's. */
import type { CashComparison } from '#contract/views.ts';
import { formatPaise, type Paise } from '#core/money.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { offText, sizeText } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { tenderWords } from './report-view.tsx';

function Sum({
  text,
  amount,
  isMinus = false,
}: {
  readonly text: string;
  readonly amount: Paise;
  readonly isMinus?: boolean;
}) {
  return (
    <div className="bm-sum">
      <span>{text}</span>
      <b className="bm-num">{isMinus ? offText(amount) : formatPaise(amount)}</b>
    </div>
  );
}

export function Compare(props: {
  readonly comparison: CashComparison;
  readonly reason: string;
  readonly onReason: (text: string) => void;
  readonly error: string;
  readonly onClose: () => void;
  readonly onAgain: () => void;
}) {
  const { comparison, reason, onReason, error, onClose, onAgain } = props;
  const { report, differencePaise } = comparison;
  const { say } = useWords();
  const cash = report.byTender.find((tender) => tender.kind === 'cash');
  const word = differencePaise === 0 ? 'agrees' : differencePaise < 0 ? 'shortBy' : 'overBy';
  return (
    <section className="bm-card bm-close-col" data-testid="compare">
      <h2>{say('shouldBe')}</h2>
      <Sum text={say('openingFloat')} amount={report.shift.floatPaise} />
      {cash === undefined ? null : (
        <>
          <Sum text={say('cashSales')} amount={cash.salesPaise} />
          <Sum text={say('cashRefunds')} amount={cash.refundsPaise} isMinus />
        </>
      )}
      <div className="bm-sum bm-sum-total">
        <b>{say('expected')}</b>
        <b className="bm-num">{formatPaise(report.expectedCashPaise)}</b>
      </div>
      <div className="bm-difference" data-testid="difference">
        <b>{say(word)}</b>
        <span className={differencePaise === 0 ? 'bm-difference-sum bm-saved' : 'bm-difference-sum'}>
          ₹{sizeText(differencePaise)}
        </span>
      </div>
      <Field
        label={`${say('reason')} ${say('reasonForZ')}`}
        value={reason}
        onText={onReason}
        isDefault
        maxLength={300}
        error={error}
        hint={comparison.isReasonNeeded ? '' : say('reasonNotNeeded')}
        testId="close-reason"
      />
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Ctrl A" onPress={onClose} testId="close-button">
          {say('closeAndPrint')}
        </ActionButton>
        <ActionButton cap="F2" onPress={onAgain}>
          {say('countAgain')}
        </ActionButton>
      </div>
    </section>
  );
}

export function TendersColumn({
  comparison,
  heldCount,
}: {
  readonly comparison: CashComparison | null;
  readonly heldCount: number;
}) {
  const { say } = useWords();
  const report = comparison?.report;
  return (
    <section className="bm-card bm-close-col">
      <h2>{say('allTenders')}</h2>
      {report === undefined ? (
        <p className="bm-dialog-help">{say('blindHelp')}</p>
      ) : (
        <>
          {report.byTender.map((tender) => (
            <Sum key={tender.kind} text={say(tenderWords[tender.kind])} amount={tender.salesPaise} />
          ))}
          <h2>{say('thisShift')}</h2>
          <div className="bm-sum">
            <span>{say('bills')}</span>
            <b>{report.bills}</b>
          </div>
          <div className="bm-sum">
            <span>{say('first')}</span>
            <b>{report.firstNumber ?? say('none')}</b>
          </div>
          <div className="bm-sum">
            <span>{say('last')}</span>
            <b>{report.lastNumber ?? say('none')}</b>
          </div>
          <div className="bm-sum">
            <span>{say('creditNotes')}</span>
            <b>{report.creditNotes}</b>
          </div>
        </>
      )}
      <p className="bm-remark bm-close-safe">
        <Icon name="checkRound" size={18} />
        <span>
          {say('closeSafe')} {heldCount > 0 ? say('heldGoes', { count: heldCount }) : ''}
        </span>
      </p>
    </section>
  );
}
