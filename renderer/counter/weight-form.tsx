/**
 * How much of a loose item: what stands on the scale, a weight typed over it, or an amount in rupees. Rule kept:
 * Enter takes what the scale shows at rest; what is typed wins over the scale; each trouble of the scale is a
 * sentence here, and typing always goes on.
 */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ScaleView } from '#contract/till-scale.ts';
import type { FoundItem } from '#contract/views.ts';
import { formatPaise, parsePaise } from '#core/money.ts';
import { formatQty, isMeasured, parseQty } from '#core/quantity.ts';
import { ask, type Refusal } from '../link/till-link.ts';
import { Dialog, Field, PlainCap } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { nameIn, unitWord } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import type { Language } from '#contract/views.ts';
import { isWeighing, scaleStore, takeFromPan, typedStore, useScale } from './scale-store.ts';
import { command, errorText, flash } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

/** "0.350" is a quantity; "₹20" (or "20/") money's worth. */
const readWorth = (text: string) => {
  const rupees = /^(?:₹|rs\.?)\s*(.+)$|^(.+)\/$/i.exec(text.trim());
  return rupees === null ? null : parsePaise(rupees[1] ?? rupees[2] ?? '');
};

const saidByPan: ReadonlySet<Refusal['type']> = new Set([
  'ScaleEmpty',
  'ScaleUnstable',
  'ScaleNegative',
  'ScaleOverload',
  'ScaleUnderload',
  'ScaleTrouble',
  'WeightTaken',
]);

const isRested = (view: ScaleView): boolean =>
  view.state === 'stable' && view.weightMilli !== null && view.weightMilli > 0;

/** The one sentence about the scale: what to do now. */
function scaleSentence(view: ScaleView, say: Say, language: Language): string {
  const weight = view.weightMilli === null ? '' : formatQty(view.weightMilli, 'kg');
  switch (view.state) {
    case 'stable':
      if (!isRested(view)) return say('scaleNothing');
      if (view.takenFor !== null) return say('scaleTaken', { weight, name: nameIn(view.takenFor, language) });
      return say('scaleTakes', { weight });
    case 'moving':
      return weight === '' ? say('scaleMovingBlank') : say('scaleMoving', { weight });
    case 'negative':
      return say('scaleMinus');
    case 'overload':
      return say('scaleTooMuch');
    case 'underload':
      return say('scaleTooLittle');
    case 'trouble':
      return say('scaleGone');
    case 'notSet':
    case 'looking':
      return '';
    default:
      return view.state satisfies never;
  }
}

function LivePan({ onTare, onZero }: { readonly onTare: () => void; readonly onZero: () => void }) {
  const { say, language } = useWords();
  const view = useScale((now) => now);
  if (view.state === 'notSet' || view.state === 'looking') return null;
  const isTaken = isRested(view) && view.takenFor !== null;
  const isQuiet = view.state === 'moving' || view.state === 'stable';
  const tone = isTaken ? 'ask' : isRested(view) ? 'rest' : isQuiet ? 'move' : 'warn';
  return (
    <div className={`bm-pan bm-pan-${tone}`} data-testid="pan" data-state={view.state}>
      <b className="bm-pan-weight bm-num">
        {view.weightMilli === null ? '–' : formatQty(view.weightMilli, 'kg')}
        <small> {unitWord('kg', say)}</small>
      </b>
      <p className="bm-pan-say" role="status">
        {scaleSentence(view, say, language)}
      </p>
      {view.state === 'trouble' ? null : (
        <p className="bm-pan-keys">
          <UnstyledButton tabIndex={-1} onClick={onTare}>
            <PlainCap>T</PlainCap>{' '}
            {view.tareMilli > 0 ? say('scaleTare', { weight: formatQty(view.tareMilli, 'kg') }) : say('scaleKeyTare')}
          </UnstyledButton>
          {view.canZero ? (
            <UnstyledButton tabIndex={-1} onClick={onZero}>
              <PlainCap>Z</PlainCap> {say('scaleKeyZero')}
            </UnstyledButton>
          ) : null}
        </p>
      )}
    </div>
  );
}

export function WeightForm({ item }: { readonly item: FoundItem }) {
  const { say, language } = useWords();
  const isOnScale = useScale((view) => isWeighing(item.unit, view));
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const show = (refusal: Refusal): void => {
    play('refused');
    flash('bad');
    // What is wrong with the pan stands beside the pan, and goes when it is right again.
    if (!saidByPan.has(refusal.type)) setError(errorText(refusal));
  };

  /** What stands on the scale; a taken pan again only when its question was on the screen. */
  const take = async (): Promise<void> => {
    const view = scaleStore.get();
    // Nothing lies there: a first handful that rests for a moment must not be taken for the whole.
    if (view.state === 'stable' && !isRested(view)) return show({ type: 'ScaleEmpty' });
    const isAsked = view.takenFor !== null;
    const refusal = await takeFromPan(item, isAsked);
    if (refusal !== null) show(refusal);
  };

  const setTare = (): void => {
    const clear = scaleStore.get().tareMilli > 0;
    void ask((till) => till.scale.tare({ clear })).then((answer) => {
      if (!answer.ok) show(answer.error);
      else setError('');
    });
  };
  const setZero = (): void => {
    void ask((till) => till.scale.zero()).then((answer) => {
      if (!answer.ok) show(answer.error);
    });
  };
  /** By the key's place: a weight has no T and no Z, whatever the layout. */
  const scaleKey = (code: string): (() => void) | null =>
    !isOnScale ? null : code === 'KeyT' ? setTare : code === 'KeyZ' ? setZero : null;
  const write = (next: string): void => {
    setError('');
    typedStore.set(next);
    setText(next);
  };
  const save = async (): Promise<void> => {
    if (text.trim() === '' && isOnScale) return take();
    const worthPaise = readWorth(text);
    const qtyMilli = worthPaise === null ? parseQty(text) : null;
    if (worthPaise === null && qtyMilli === null) return setError(say('qtyBad'));
    const answer = await command(
      (till, key) => till.cart.addItem({ key, itemId: item.id, qtyMilli, worthPaise, measuredBy: 'typed' }),
      { isQuiet: true },
    );
    if (answer.ok) closePanel();
    else setError(errorText(answer.error));
  };
  const perUnit = `${formatPaise(item.sellingPricePaise)} ${say('perUnit', { unit: unitWord(item.unit, say) })}`;
  return (
    <Dialog
      title={say('weightTitle', { name: nameIn(item, language) })}
      help={perUnit}
      size="small"
      keys={{
        name: 'weight',
        back: closePanel,
        enter: () => void save(),
        accept: () => void save(),
        del: () => write(''),
        takes: (press) => (press.ctrl ? null : scaleKey(press.code)),
      }}
    >
      {item.unit === 'kg' ? <LivePan onTare={setTare} onZero={setZero} /> : null}
      <Field
        label={isMeasured(item.unit) ? unitWord(item.unit, say) : say('quantity')}
        value={text}
        onText={write}
        isDefault
        isNumber
        error={error}
        hint={say('weightHelp', { unit: unitWord(item.unit, say) })}
        testId="weight"
      />
    </Dialog>
  );
}
