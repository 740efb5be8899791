/**
 * The till's questions: which MRP is on the pack (screens.md §5.7), and is that large line meant. Rule kept:
 * a digit picks, digits of a scan do not; further scans wait behind the question and are counted here.
 */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ChoiceView } from '#contract/views.ts';
import { formatPaise, formatRupees, parsePaise } from '#core/money.ts';
import { parseQty } from '#core/quantity.ts';
import { Icon } from '../parts/icons.tsx';
import { Cap, Dialog, Field } from '../parts/pieces.tsx';
import { monthOf, nameIn, qtyText } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { useHeader } from './cart-store.ts';
import { command, errorText } from './till-calls.ts';

type MrpChoice = Extract<ChoiceView, { kind: 'mrp' }>;
type LargeChoice = Extract<ChoiceView, { kind: 'large' }>;

export function WaitingScans() {
  const { say } = useWords();
  const waiting = useHeader((header) => header.waitingScans, 0);
  return waiting === 0 ? null : (
    <span className="bm-waiting bm-push" role="status" data-testid="waiting-scans">
      <Icon name="scan" size={16} />
      {say('moreScans', { count: waiting })}
    </span>
  );
}

const leaveOut = (choiceId: ChoiceView['id']): void => {
  void command((till, key) => till.cart.answerChoice({ key, choiceId, answer: { kind: 'leaveOut' } }));
};

function expiryWords(card: MrpChoice['cards'][number], say: Say, language: 'en' | 'hi'): string {
  if (card.expiresOn === null) return card.isSellFirst ? say('sellFirstOnly') : '';
  return say(card.isSellFirst ? 'sellFirst' : 'bestBefore', { month: monthOf(card.expiresOn, language) });
}

function MrpCards({
  choice,
  marked,
  pick,
}: {
  readonly choice: MrpChoice;
  readonly marked: number;
  readonly pick: (index: number) => void;
}) {
  const { say, language } = useWords();
  return (
    <div className="bm-mrps">
      {choice.cards.map((card, i) => (
        <UnstyledButton
          key={card.batchId}
          className={i === marked ? 'bm-mrp-card bm-mrp-marked' : 'bm-mrp-card'}
          data-testid="mrp-card"
          onClick={() => pick(i)}
        >
          <span className="bm-mrp-top">
            <span className="bm-mrp-digit">{i + 1}</span>
            {i === marked ? (
              <span className="bm-mrp-last">
                {card.isLastTime ? say('asLastTime') : null} <Cap>Enter</Cap>
              </span>
            ) : null}
          </span>
          <span className="bm-mrp-word">MRP</span>
          <b className="bm-mrp-sum">{formatRupees(card.mrpPaise)}</b>
          <span className="bm-mrp-sells">
            {say('sellsAt')} <b>{formatRupees(card.sellingPricePaise)}</b>
          </span>
          <small>
            {card.packedOn === null
              ? say('inStock', { qty: qtyText(card.stockMilli, card.unit, say) })
              : say('stockPacked', {
                  qty: qtyText(card.stockMilli, card.unit, say),
                  month: monthOf(card.packedOn, language),
                })}
            <br />
            {expiryWords(card, say, language)}
          </small>
        </UnstyledButton>
      ))}
    </div>
  );
}

export function MrpChooser({ choice }: { readonly choice: MrpChoice }) {
  const { say, language } = useWords();
  const first = Math.max(
    0,
    choice.cards.findIndex((card) => card.isLastTime),
  );
  const [marked, setMarked] = useState(first);
  const [isOther, setIsOther] = useState(false);
  const pick = (index: number): void => {
    const card = choice.cards[index];
    if (card === undefined) return;
    void command((till, key) =>
      till.cart.answerChoice({ key, choiceId: choice.id, answer: { kind: 'batch', batchId: card.batchId } }),
    );
  };
  if (isOther) return <OtherMrp choice={choice} onBack={() => setIsOther(false)} />;
  return (
    <Dialog
      title={say('mrpTitle')}
      help={say('mrpUnder', { name: nameIn(choice, language), count: choice.cards.length })}
      size="large"
      keys={{
        name: 'mrp',
        letsScansThrough: true,
        back: () => leaveOut(choice.id),
        enter: () => pick(marked),
        choose: (digit) => (digit === choice.cards.length + 1 ? setIsOther(true) : pick(digit - 1)),
        move: (key) =>
          setMarked((at) =>
            Math.max(0, Math.min(choice.cards.length - 1, at + (key === 'Up' || key === 'PageUp' ? -1 : 1))),
          ),
      }}
      footer={
        <>
          <span className="bm-hint">
            {choice.cards.map((card, i) => (
              <Cap key={card.batchId}>{i + 1}</Cap>
            ))}
            {say('choose')}
          </span>
          <UnstyledButton className="bm-hint" onClick={() => setIsOther(true)}>
            <Cap>{choice.cards.length + 1}</Cap> {say('anotherMrp')}
          </UnstyledButton>
          <UnstyledButton className="bm-hint" onClick={() => leaveOut(choice.id)}>
            <Cap>Esc</Cap> {say('dontAdd')}
          </UnstyledButton>
          <WaitingScans />
        </>
      }
    >
      <MrpCards choice={choice} marked={marked} pick={pick} />
    </Dialog>
  );
}

function OtherMrp({ choice, onBack }: { readonly choice: MrpChoice; readonly onBack: () => void }) {
  const { say, language } = useWords();
  const [mrp, setMrp] = useState('');
  const [price, setPrice] = useState('');
  const [error, setError] = useState('');
  const save = async (): Promise<void> => {
    const mrpPaise = parsePaise(mrp);
    const sellingPricePaise = price.trim() === '' ? null : parsePaise(price);
    if (mrpPaise === null || (price.trim() !== '' && sellingPricePaise === null)) return setError(say('amountBad'));
    const answer = await command(
      (till, key) =>
        till.cart.answerChoice({ key, choiceId: choice.id, answer: { kind: 'otherMrp', mrpPaise, sellingPricePaise } }),
      { isQuiet: true },
    );
    if (!answer.ok) setError(errorText(answer.error));
  };
  return (
    <Dialog
      title={say('mrpPrinted')}
      help={nameIn(choice, language)}
      size="small"
      keys={{ name: 'otherMrp', letsScansThrough: true, back: onBack, accept: () => void save() }}
      footer={<WaitingScans />}
    >
      <Field label="MRP" value={mrp} onText={setMrp} isNumber isDefault error={error} testId="other-mrp" />
      <Field label={say('sellsAt')} value={price} onText={setPrice} isNumber hint={say('priceHelp', { mrp })} />
    </Dialog>
  );
}

export function LargeQuestion({ choice }: { readonly choice: LargeChoice }) {
  const { say, language } = useWords();
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const asked = qtyText(choice.qtyMilli, choice.unit, say);
  const save = (): void => {
    const qtyMilli = parseQty(text);
    if (qtyMilli === null) return setError(say('qtyBad'));
    if (qtyMilli !== choice.qtyMilli) return setError(say('largeDiffers', { qty: asked }));
    void command((till, key) =>
      till.cart.answerChoice({ key, choiceId: choice.id, answer: { kind: 'confirm', qtyMilli } }),
    );
  };
  return (
    <Dialog
      title={say('large', { qty: asked })}
      help={say('largeHelp', { name: nameIn(choice, language), amount: formatPaise(choice.amountPaise) })}
      size="small"
      keys={{ name: 'large', letsScansThrough: true, back: () => leaveOut(choice.id), enter: save, accept: save }}
      footer={
        <>
          <UnstyledButton className="bm-hint" onClick={() => leaveOut(choice.id)}>
            <Cap>Esc</Cap> {say('dontAdd')}
          </UnstyledButton>
          <WaitingScans />
        </>
      }
    >
      <Field
        label={say('quantity')}
        value={text}
        onText={setText}
        isNumber
        isDefault
        error={error}
        testId="large-qty"
      />
    </Dialog>
  );
}
