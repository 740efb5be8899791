/** One rate, new or changed, at the right of the rates' page. Rule kept: nothing is sent before Save; a class keeps its day. */
import { type FormEvent, useState } from 'react';
import { masterApi } from '#contract/master.ts';
import type { RateRow } from '#core/gst/rates.ts';
import { businessDateOf, instant } from '#core/time.ts';
import { Choose } from '../parts/choose.tsx';
import { longDate } from '../words/formats.ts';
import { parseTypedDate } from '../words/typed-date.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeField } from './office-pieces.tsx';
import { type OfficeWord, useOffice } from './office-words.ts';
import { type BadField, fieldsOf, type RateFields, rateOf } from './rate-fields.ts';

const badWords: Readonly<Record<BadField, OfficeWord>> = {
  description: 'ruleBad',
  hsn: 'rateHsnBad',
  percent: 'ratePercentBad',
  cess: 'ratePercentBad',
  from: 'rateDateBad',
  to: 'rateToBad',
};

export function RateForm(props: {
  readonly kind: 'new' | 'again' | 'change';
  readonly row: RateRow | null;
  readonly isSaved: boolean;
  readonly onAgain: (() => void) | null;
  readonly onSaved: (key: string) => void;
}) {
  const { say, language } = useOffice();
  const { kind, row } = props;
  const [today] = useState(() => businessDateOf(instant(Date.now())));
  const [fields, setFields] = useState<RateFields>(() => {
    const now = fieldsOf(row);
    return kind === 'again' ? { ...now, percent: '', from: '', to: '' } : now;
  });
  const [bad, setBad] = useState<BadField | null>(null);
  const [told, setTold] = useState('');
  const set = (changed: Partial<RateFields>): void => {
    setBad(null);
    setTold('');
    setFields({ ...fields, ...changed });
  };
  const faultOf = (field: BadField): string | undefined => (bad === field ? say(badWords[field]) : undefined);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const rate = rateOf(fields, row, today);
    if ('bad' in rate) return setBad(rate.bad);
    const answer = await ask(masterApi.saveRate, { rate, endsEarlier: kind === 'again' });
    if (!answer.ok) return setTold(errorText(answer.error, say));
    if (!answer.value.ok) return setTold(say('rateOverlap'));
    props.onSaved(`${rate.classKey}/${rate.from}`);
  };
  const title = kind === 'new' ? say('newRate') : kind === 'again' ? say('rateAgain') : (row?.description ?? '');
  /** What was understood, so that nobody means the fifth of December and gets the twelfth of May. */
  const dateHint = (typed: string): string | undefined => {
    const date = parseTypedDate(typed, today);
    return date === null ? undefined : longDate(date, language);
  };
  const text = (field: 'description' | 'condition' | 'hsn' | 'percent' | 'cess') => ({
    value: fields[field],
    onText: (value: string) => set({ [field]: value }),
    testId: `rate-${field}`,
  });
  return (
    <section className="ho-card ho-side" aria-label={title}>
      <form className="ho-form" data-testid="rate-form" onSubmit={(event) => void save(event)}>
        <h2>{title}</h2>
        <OfficeField label={say('rateGoods')} maxLength={120} error={faultOf('description')} {...text('description')} />
        <OfficeField label={say('rateWhen')} hint={say('rateWhenHelp')} maxLength={120} {...text('condition')} />
        <OfficeField label={say('rateHsn')} inputMode="numeric" maxLength={8} error={faultOf('hsn')} {...text('hsn')} />
        <Choose
          label={say('rateTax')}
          value={fields.treatment}
          onChoose={(treatment) => set({ treatment })}
          testId="rate-treatment"
          options={[
            { value: 'taxable', text: say('rateTaxed') },
            { value: 'nilRated', text: say('rateNil') },
            { value: 'exempt', text: say('rateExempt') },
            { value: 'nonGst', text: say('rateNonGst') },
          ]}
        />
        {fields.treatment === 'taxable' ? (
          <>
            <OfficeField
              label={say('ratePercent')}
              inputMode="decimal"
              maxLength={6}
              error={faultOf('percent')}
              {...text('percent')}
            />
            <OfficeField
              label={say('rateCess')}
              hint={say('rateCessHelp')}
              inputMode="decimal"
              maxLength={7}
              error={faultOf('cess')}
              {...text('cess')}
            />
            <Choose
              label={say('rateOn')}
              value={fields.valuation}
              onChoose={(valuation) => set({ valuation })}
              options={[
                { value: 'transactionValue', text: say('rateOnPrice') },
                { value: 'retailSalePrice', text: say('rateOnMrp') },
              ]}
            />
          </>
        ) : null}
        {/* Of a rate that is there its first day is its name: it is not changed, another one is begun. */}
        {kind === 'change' ? null : (
          <OfficeField
            label={say('rateFrom')}
            value={fields.from}
            placeholder={say('datePattern')}
            maxLength={30}
            hint={dateHint(fields.from)}
            onText={(from) => set({ from })}
            error={faultOf('from')}
            testId="rate-from"
          />
        )}
        <OfficeField
          label={say('rateTo')}
          value={fields.to}
          placeholder={say('datePattern')}
          maxLength={30}
          onText={(to) => set({ to })}
          hint={dateHint(fields.to) ?? say('rateToHelp')}
          error={faultOf('to')}
          testId="rate-to"
        />
        <small className="ho-quiet">{say('rateKept')}</small>
        <span className="ho-side-foot ho-foot-stays">
          <small className={told === '' ? 'ho-quiet' : 'bm-field-error'} role="status" data-testid="rate-told">
            {told !== '' ? told : props.isSaved ? say('saved') : ''}
          </small>
          <OfficeButton look="main" cap="Enter" isSubmit testId="save-rate">
            {say('save')}
          </OfficeButton>
          {props.onAgain === null ? null : (
            <OfficeButton onPress={props.onAgain} testId="rate-again">
              {say('rateAgain')}
            </OfficeButton>
          )}
        </span>
      </form>
    </section>
  );
}
