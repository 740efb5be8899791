/**
 * GST rates that head office has confirmed beside the notified ones that come with the tills: each for some goods, from
 * its day on. Rule kept: a rate that was in force is ended, not overwritten, when another begins; nothing that was billed
 * is reckoned again.
 */
import { useId, useState } from 'react';
import { masterApi, type RateView } from '#contract/master.ts';
import type { Me } from '#contract/server.ts';
import type { RateRow } from '#core/gst/rates.ts';
import { longDate } from '../words/formats.ts';
import { errorText } from './error-words.ts';
import { useAsked } from './office-data.ts';
import { OfficeTable, PickRow, SearchField } from './office-list.tsx';
import { OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { type OfficeSay, type OfficeWord, useOffice } from './office-words.ts';
import { percentText } from './rate-fields.ts';
import { RateForm } from './rate-form.tsx';
import { useRows } from './use-rows.ts';

const keyOf = ({ rate }: RateView): string => `${rate.classKey}/${rate.from}`;
export const treatmentWords: Readonly<Record<RateRow['rate']['treatment'], OfficeWord>> = {
  taxable: 'rateTaxed',
  nilRated: 'rateNil',
  exempt: 'rateExempt',
  nonGst: 'rateNonGst',
};
const taxText = ({ rate }: RateRow, say: OfficeSay): string =>
  rate.treatment !== 'taxable'
    ? say(treatmentWords[rate.treatment])
    : `${percentText(rate.rateBp)} %${rate.cess === null ? '' : ` + ${percentText(rate.cess.rateBp)} %`}`;

export function RatesPage({ me }: { readonly me: Me }) {
  const { say, language } = useOffice();
  const searchId = useId();
  const { value: rates, error: trouble, again } = useAsked(masterApi.rates, null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  /** `new`: other goods; `again`: another rate of the chosen class. */
  const [made, setMade] = useState<'new' | 'again' | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const canChange = me.role === 'chain';
  const typed = text.trim().toLowerCase();
  const shown = (rates ?? []).filter(({ rate }) =>
    `${rate.description} ${rate.condition} ${rate.hsn}`.toLowerCase().includes(typed),
  );
  const open = shown.find((one) => keyOf(one) === chosen) ?? shown[0] ?? null;
  const choose = (key: string): void => {
    setMade(null);
    setChosen(key);
  };
  useRows({
    ids: shown.map(keyOf),
    chosen: open === null ? null : keyOf(open),
    onChoose: choose,
    onOpen: () => document.querySelector<HTMLInputElement>('[data-testid="rate-percent"]')?.focus(),
    searchId,
  });
  const kind = made ?? (open === null ? 'new' : 'change');
  const row = kind === 'new' ? null : (open?.rate ?? null);
  return (
    <>
      <PageHead title={say('ratesTitle')} note={rates === null ? say('loading') : say('ratesNote')}>
        <SearchField id={searchId} label={say('findRate')} value={text} onText={setText} testId="find-rate" />
        {canChange ? (
          <OfficeButton icon="plus" onPress={() => setMade('new')} testId="new-rate">
            {say('newRate')}
          </OfficeButton>
        ) : null}
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <OfficeTable
          label={say('ratesTitle')}
          testId="rates"
          isWrapped
          columns={[
            { word: 'rateGoods' },
            { word: 'rateHsn' },
            { word: 'rateTax', isNumber: true },
            { word: 'rateFrom' },
            { word: 'rateTo' },
          ]}
          keys={{ row: say('keyRate'), enter: canChange ? say('keyEdit') : null, find: say('keyFind') }}
          below={
            rates !== null && shown.length === 0 ? (
              <p className="ho-calm">{say(typed === '' ? 'ratesNone' : 'findRateNone', { text })}</p>
            ) : null
          }
        >
          {shown.map((one) => (
            <PickRow key={keyOf(one)} id={keyOf(one)} isChosen={one === open && made === null} onChoose={choose}>
              <td>
                <span className="ho-strong">{one.rate.description}</span>{' '}
                <span className="ho-quiet">{one.rate.condition}</span>
              </td>
              <td className="ho-quiet">{one.rate.hsn}</td>
              <td className="ho-num">{taxText(one.rate, say)}</td>
              <td className="ho-quiet">{longDate(one.rate.from, language)}</td>
              <td className="ho-quiet">{one.rate.to === null ? say('rateOpen') : longDate(one.rate.to, language)}</td>
            </PickRow>
          ))}
        </OfficeTable>
        {canChange && rates !== null ? (
          <RateForm
            key={`${kind} ${row === null ? '' : `${row.classKey}/${row.from}`} ${open?.changedAtMs ?? 0}`}
            kind={kind}
            row={row}
            isSaved={open !== null && made === null && saved === keyOf(open)}
            onAgain={kind === 'change' && row?.to === null ? () => setMade('again') : null}
            onSaved={(key) => {
              setSaved(key);
              choose(key);
              void again();
            }}
          />
        ) : null}
      </div>
    </>
  );
}
