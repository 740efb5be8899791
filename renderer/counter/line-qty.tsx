/**
 * The quantity of a line, edited in the line (F2). Rule kept: the line keeps its old value until the till has
 * taken the new one; a hundred or more is asked once, by typing it again.
 */
import { useState } from 'react';
import type { ItemLineView } from '#contract/views.ts';
import { formatQty, type Milli, parseQty } from '#core/quantity.ts';
import { useForm } from '../keys/form-stack.ts';
import { nameIn, qtyText } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { command, errorText, flash, notQty } from './till-calls.ts';
import { closePanel, type Said, uiStore } from './ui-store.ts';
import { play } from '../sound/sounds.ts';

export function LineQty({ line }: { readonly line: ItemLineView }) {
  const { say, language } = useWords();
  const [text, setText] = useState(() => formatQty(line.qtyMilli, line.unit).replace(/\.000$/, ''));
  const [asked, setAsked] = useState<Milli | null>(null);
  const show = (said: Said): void => {
    play('refused');
    flash('bad');
    uiStore.patch({ lineError: { lineId: line.id, said } });
  };
  const save = async (): Promise<void> => {
    const qtyMilli = parseQty(text);
    if (qtyMilli === null) return show(() => notQty(text));
    if (asked !== null && qtyMilli !== asked)
      return show(() => say('largeDiffers', { qty: qtyText(asked, line.unit, say) }));
    const answer = await command(
      (till, key) => till.cart.setQty({ key, lineId: line.id, qtyMilli, isConfirmed: asked === qtyMilli }),
      { isQuiet: true },
    );
    if (answer.ok) {
      uiStore.patch({ lineError: null });
      return closePanel();
    }
    if (answer.error.type === 'ConfirmLarge') {
      setAsked(qtyMilli);
      setText('');
      return show(() => say('large', { qty: qtyText(qtyMilli, line.unit, say) }));
    }
    const { error } = answer;
    show(() => errorText(error));
  };
  useForm({
    name: 'qty',
    back: () => {
      uiStore.patch({ lineError: null });
      closePanel();
    },
    enter: () => void save(),
    accept: () => void save(),
    del: () => setText(''),
  });
  return (
    <input
      className="bm-row-input"
      value={text}
      autoFocus
      data-form="qty"
      data-default-field=""
      data-testid="line-qty"
      aria-label={say('qtyOf', { name: nameIn(line, language) })}
      inputMode="decimal"
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
