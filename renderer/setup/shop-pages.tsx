/** Shop, GSTIN and bill series. Rule kept: state and kind of bill are read back in words from what was typed;
 * the till checks the GSTIN's check digit and the series when it saves. */
import { useState } from 'react';
import { businessDateOf, financialYearCode, financialYearOf, instant } from '#core/time.ts';
import { Checkbox } from './checkbox.tsx';
import { type Paise, paise } from '#core/money.ts';
import { Choose } from '../parts/choose.tsx';
import { Field } from '../parts/pieces.tsx';
import { stateChoices, stateName } from '../words/states.ts';
import { useWords } from '../words/words.ts';

export type ShopDraft = {
  readonly name: string;
  /** For the customer's screen, beside the name. */
  readonly nameHi: string;
  readonly address: string;
  readonly phone: string;
  readonly stateCode: string;
  readonly gstin: string;
  readonly isComposition: boolean;
  readonly upiAddress: string;
  readonly series: string;
  readonly roundStep: Paise;
};
export const emptyShop: ShopDraft = {
  name: '',
  nameHi: '',
  address: '',
  phone: '',
  stateCode: '27',
  gstin: '',
  isComposition: false,
  upiAddress: '',
  series: 'T1',
  roundStep: paise(100),
};
type PageProps = {
  readonly shop: ShopDraft;
  readonly onShop: (shop: ShopDraft) => void;
  readonly error: string;
};

export function ShopPage({ shop, onShop, error }: PageProps) {
  const { say, language } = useWords();
  const isRegistered = shop.gstin.trim() !== '';
  const state = isRegistered ? shop.gstin.trim().slice(0, 2) : shop.stateCode;
  return (
    <div className="bm-stack">
      <div className="bm-two">
        <Field
          label={say('shopName')}
          value={shop.name}
          onText={(name) => onShop({ ...shop, name })}
          isDefault
          maxLength={120}
          testId="shop-name"
        />
        <Field
          label={say('shopPhone')}
          value={shop.phone}
          onText={(phone) => onShop({ ...shop, phone })}
          maxLength={40}
        />
        <Field
          label={say('shopGstin')}
          value={shop.gstin}
          onText={(gstin) => onShop({ ...shop, gstin: gstin.toUpperCase() })}
          maxLength={20}
          error={error}
          testId="shop-gstin"
        />
        {isRegistered ? null : (
          <Choose
            label={say('shopState')}
            value={shop.stateCode}
            options={stateChoices(language)}
            onChoose={(stateCode) => onShop({ ...shop, stateCode })}
          />
        )}
        <Field
          label={say('address')}
          value={shop.address}
          onText={(address) => onShop({ ...shop, address })}
          maxLength={300}
        />
        <Field
          label={say('shopUpi')}
          value={shop.upiAddress}
          onText={(upiAddress) => onShop({ ...shop, upiAddress })}
          maxLength={120}
        />
        <Field
          label={say('csNameHi')}
          value={shop.nameHi}
          onText={(nameHi) => onShop({ ...shop, nameHi })}
          maxLength={120}
          testId="shop-name-hi"
        />
      </div>
      {isRegistered ? (
        <Checkbox
          label={say('shopComposition')}
          isChecked={shop.isComposition}
          onCheck={(isComposition) => onShop({ ...shop, isComposition })}
        />
      ) : null}
      <p className="bm-remark">
        {say('readBackState', { state: stateName(state, language) })}.{' '}
        {say(!isRegistered ? 'readBackNone' : shop.isComposition ? 'readBackComposition' : 'readBackRegular')}
      </p>
    </div>
  );
}

export function SeriesPage({ shop, onShop, error }: PageProps) {
  const { say } = useWords();
  const [code] = useState(() => financialYearCode(financialYearOf(businessDateOf(instant(Date.now())))));
  return (
    <Field
      label={say('seriesField')}
      value={shop.series}
      onText={(series) => onShop({ ...shop, series: series.toUpperCase() })}
      isDefault
      maxLength={6}
      error={error}
      hint={say('seriesHelp', { sample: `${shop.series}/${code}/000001` })}
      testId="shop-series"
    />
  );
}
