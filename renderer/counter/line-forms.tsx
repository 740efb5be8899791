/** Discount (F3) and rate (F4) of a line. Rule kept: the line keeps its old value until the till has taken the
 * new one; a refusal stands under the field with what to do. */
import { type ReactNode, useState } from 'react';
import type { Discount } from '#core/billing/cart.ts';
import type { Uuid } from '#core/ids.ts';
import { basisPoints, formatPaise, paiseToDecimal, parsePaise } from '#core/money.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { nameIn, unitWord } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { cartStore, useCart } from './cart-store.ts';
import { command, errorText } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

/** "20" is rupees, "10%" a share, "" none; undefined when it is neither. */
function readDiscount(text: string): Discount | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const share = /^(\d{1,3}(?:\.\d{1,2})?)\s*%$/.exec(typed)?.[1];
  if (share !== undefined) {
    const rateBp = Math.round(Number(share) * 100);
    return rateBp > 10_000 ? undefined : { kind: 'percent', rateBp: basisPoints(rateBp) };
  }
  const amountPaise = parsePaise(typed);
  return amountPaise === null || amountPaise < 0 ? undefined : { kind: 'amount', amountPaise };
}

const writeDiscount = (discount: Discount | null | undefined): string =>
  discount == null
    ? ''
    : discount.kind === 'percent'
      ? `${discount.rateBp / 100}%`
      : paiseToDecimal(discount.amountPaise).replace(/\.00$/, '');

const itemLine = (lineId: Uuid) => {
  const line = cartStore.get().lines.get(lineId);
  return line?.kind === 'item' ? line : null;
};

/** Enter keeps, Esc leaves it as it was; between them what else this form can do. */
function Foot({ onSave, children }: { readonly onSave: () => void; readonly children: ReactNode }) {
  const { say } = useWords();
  return (
    <>
      <ActionButton look="main" cap="Enter" onPress={onSave} testId="line-save">
        {say('save')}
      </ActionButton>
      {children}
      <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
        {say('cancel')}
      </ActionButton>
    </>
  );
}

export function DiscountForm({ lineId }: { readonly lineId: Uuid }) {
  const { say, language } = useWords();
  const [isBill, setIsBill] = useState(false);
  const [text, setText] = useState(() => writeDiscount(itemLine(lineId)?.discount));
  const [error, setError] = useState('');
  const line = itemLine(lineId);
  const turn = (): void => {
    const next = !isBill;
    setIsBill(next);
    setError('');
    setText(writeDiscount(next ? cartStore.get().header?.billDiscount : line?.discount));
  };
  const save = async (): Promise<void> => {
    const discount = readDiscount(text);
    if (discount === undefined) return setError(say('discountBad'));
    const answer = await command(
      (till, key) =>
        isBill ? till.cart.setBillDiscount({ key, discount }) : till.cart.setLineDiscount({ key, lineId, discount }),
      { isQuiet: true },
    );
    if (answer.ok) closePanel();
    else setError(errorText(answer.error));
  };
  return (
    <Dialog
      title={isBill ? say('discountBill') : say('discountOf', { name: line === null ? '' : nameIn(line, language) })}
      size="small"
      keys={{
        name: 'discount',
        back: closePanel,
        enter: () => void save(),
        accept: () => void save(),
        tab: turn,
        del: () => setText(''),
      }}
      footer={
        <Foot onSave={() => void save()}>
          <ActionButton cap="Tab" look="plain" onPress={turn}>
            {say(isBill ? 'tabThisLine' : 'tabWholeBill')}
          </ActionButton>
        </Foot>
      }
    >
      <Field
        key={String(isBill)}
        label={say('kDiscount')}
        value={text}
        onText={setText}
        isNumber
        isDefault
        error={error}
        hint={say('discountHelp')}
        testId="discount"
      />
    </Dialog>
  );
}

export function PriceForm({ lineId }: { readonly lineId: Uuid }) {
  const { say, language } = useWords();
  const line = useCart((cart) => cart.lines.get(lineId));
  const item = line?.kind === 'item' ? line : null;
  const [text, setText] = useState(() => (item === null ? '' : paiseToDecimal(item.sellingPricePaise)));
  const [error, setError] = useState('');
  if (item === null) return null;
  const save = async (): Promise<void> => {
    const sellingPricePaise = parsePaise(text);
    if (sellingPricePaise === null || sellingPricePaise < 0) return setError(say('amountBad'));
    const answer = await command((till, key) => till.cart.setPrice({ key, lineId, sellingPricePaise }), {
      isQuiet: true,
    });
    if (answer.ok) closePanel();
    else setError(errorText(answer.error));
  };
  const otherMrp = async (): Promise<void> => {
    const answer = await command((till, key) => till.cart.chooseMrp({ key, lineId }), { isQuiet: true });
    if (answer.ok) closePanel();
    else setError(errorText(answer.error));
  };
  return (
    <Dialog
      title={say('priceOf', { name: nameIn(item, language) })}
      size="small"
      keys={{
        name: 'price',
        back: closePanel,
        enter: () => void save(),
        accept: () => void save(),
        del: () => setText(''),
        same: { F4: () => void otherMrp() },
      }}
      footer={
        <Foot onSave={() => void save()}>
          {item.hasOtherMrps ? (
            <ActionButton cap="F4" look="plain" onPress={() => void otherMrp()}>
              {say('otherMrp')}
            </ActionButton>
          ) : null}
        </Foot>
      }
    >
      <Field
        label={say('colRate')}
        value={text}
        onText={setText}
        isNumber
        isDefault
        error={error}
        hint={
          item.mrpPaise === null
            ? say('priceHelpNoMrp', { unit: unitWord(item.unit, say) })
            : say('priceHelp', { mrp: formatPaise(item.mrpPaise) })
        }
        testId="price"
      />
    </Dialog>
  );
}
