/** A shift's figures as a list, for X and Z. Rule kept: the sum first, every number the till's own. */
import { useState } from 'react';
import type { ShiftReport } from '#contract/views.ts';
import type { Paise } from '#core/money.ts';
import { formatPaise } from '#core/money.ts';
import { clockTime, offText } from '../words/formats.ts';
import { type Say, useWords, type Word } from '../words/words.ts';

export const tenderWords: Readonly<Record<ShiftReport['byTender'][number]['kind'], Word>> = {
  cash: 'cash',
  upi: 'upi',
  card: 'card',
  creditNote: 'creditNote',
};

function Sum({
  word,
  amount,
  say,
  isMinus = false,
}: {
  readonly word: Word;
  readonly amount: Paise;
  readonly say: Say;
  readonly isMinus?: boolean;
}) {
  return (
    <div className="bm-sum">
      <span>{say(word)}</span>
      <b className="bm-num">{isMinus ? offText(amount) : formatPaise(amount)}</b>
    </div>
  );
}

export function ReportView({ report }: { readonly report: ShiftReport }) {
  const { say, language } = useWords();
  const [now] = useState(() => Date.now());
  return (
    <div className="bm-report" data-testid="shift-report">
      <p className="bm-dialog-help">
        {say('fromTo', {
          name: report.shift.cashierName,
          from: clockTime(report.shift.openedAtMs, language),
          to: clockTime(report.closedAtMs ?? now, language),
        })}
      </p>
      <Sum word="sales" amount={report.salesPaise} say={say} />
      <Sum word="refunds" amount={report.refundsPaise} say={say} isMinus />
      <Sum word="discounts" amount={report.discountPaise} say={say} isMinus />
      {report.byTender.map((tender) => (
        <Sum key={tender.kind} word={tenderWords[tender.kind]} amount={tender.salesPaise} say={say} />
      ))}
      <Sum word="openingFloat" amount={report.shift.floatPaise} say={say} />
      <Sum word="expected" amount={report.expectedCashPaise} say={say} />
      {report.countedCashPaise === null ? null : <Sum word="counted" amount={report.countedCashPaise} say={say} />}
      <div className="bm-sum">
        <span>{say('bills')}</span>
        <b>
          {report.bills} · {report.firstNumber ?? '–'} … {report.lastNumber ?? '–'}
        </b>
      </div>
      <div className="bm-sum">
        <span>{say('creditNotes')}</span>
        <b>{report.creditNotes}</b>
      </div>
    </div>
  );
}
