/** Loose goods: a 3×3 board picked by digits, and the question how much. Rule kept: the scale's stable weight
 * fills in by itself; without a scale a person types it, or an amount in rupees. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FoundItem } from '#contract/views.ts';
import { formatPaise, parsePaise } from '#core/money.ts';
import { formatQty, isMeasured, parseQty } from '#core/quantity.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { Cap, Dialog, Field } from '../parts/pieces.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { nameIn, unitWord } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { addFound } from './scan-text.ts';
import { command, errorText } from './till-calls.ts';
import { closePanel, openPanel, uiStore } from './ui-store.ts';

type BoardItem = FoundItem & { readonly slot: number };

export function LooseBoard() {
  const { say, language } = useWords();
  const [items, setItems] = useState<readonly BoardItem[] | null>(null);
  const [page, setPage] = useState(0);
  useEffect(() => {
    void ask((till) => till.item.looseBoard()).then((answer) => setItems(answer.ok ? answer.value : []));
  }, []);
  const pages = Math.max(1, Math.ceil((Math.max(-1, ...(items ?? []).map((item) => item.slot)) + 1) / 9));
  const pick = (digit: number): void => {
    const item = items?.find((one) => one.slot === page * 9 + digit - 1);
    if (item === undefined) return;
    const { chip } = uiStore.get();
    closePanel();
    if (chip === null) openPanel({ kind: 'weight', item });
    else void addFound(item, chip);
  };
  const turn = (): void => setPage((at) => (at + 1) % pages);
  useForm({ name: 'loose', back: closePanel, choose: pick, same: { F10: turn } });
  return (
    <section className="bm-card bm-loose" data-testid="loose-board" data-form="loose">
      <div className="bm-loose-head">
        <b>{say('looseItems')}</b>
        <span className="bm-hint">
          <Cap>F10</Cap> {say('thenDigit')}
          {pages > 1 ? ` · ${page + 1}/${pages}` : ''}
        </span>
      </div>
      {items?.length === 0 ? <p className="bm-dialog-help">{say('looseEmpty')}</p> : null}
      <div className="bm-loose-grid">
        {Array.from({ length: 9 }, (_, i) => {
          const item = items?.find((one) => one.slot === page * 9 + i);
          if (item === undefined) return <span key={i} />;
          const shown = nameIn(item, language);
          return (
            <UnstyledButton key={item.id} className="bm-loose-one" onClick={() => pick(i + 1)}>
              <span className="bm-loose-name">
                <b>{shown}</b>
                <Cap>{i + 1}</Cap>
              </span>
              <small>{shown === item.name ? item.nameHi : item.name}</small>
              <span>
                <b>{formatPaise(item.sellingPricePaise)}</b> {say('perUnit', { unit: unitWord(item.unit, say) })}
              </span>
            </UnstyledButton>
          );
        })}
      </div>
    </section>
  );
}

/** "0.350" is a quantity; "₹20" (or "20/") money's worth. */
const readWorth = (text: string) => {
  const rupees = /^(?:₹|rs\.?)\s*(.+)$|^(.+)\/$/i.exec(text.trim());
  return rupees === null ? null : parsePaise(rupees[1] ?? rupees[2] ?? '');
};

export function WeightForm({ item }: { readonly item: FoundItem }) {
  const { say, language } = useWords();
  const scale = useStore(sessionStore, (session) =>
    session.devices?.isScalePresent === true && item.unit === 'kg' ? session.devices.scaleMilli : null,
  );
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const fromScale = scale !== null && scale > 0 ? scale : null;
  const save = async (): Promise<void> => {
    const worthPaise = readWorth(text);
    const typed = worthPaise === null ? parseQty(text) : null;
    const qtyMilli = text.trim() === '' ? fromScale : typed;
    if (worthPaise === null && qtyMilli === null) return setError(say('qtyBad'));
    const measuredBy = text.trim() === '' ? 'scale' : 'typed';
    const answer = await command(
      (till, key) => till.cart.addItem({ key, itemId: item.id, qtyMilli, worthPaise, measuredBy }),
      {
        isQuiet: true,
      },
    );
    if (answer.ok) closePanel();
    else setError(errorText(answer.error));
  };
  return (
    <Dialog
      title={say('weightTitle', { name: nameIn(item, language) })}
      help={`${formatPaise(item.sellingPricePaise)} ${say('perUnit', { unit: unitWord(item.unit, say) })}`}
      size="small"
      keys={{
        name: 'weight',
        back: closePanel,
        enter: () => void save(),
        accept: () => void save(),
        del: () => setText(''),
      }}
    >
      <Field
        label={isMeasured(item.unit) ? unitWord(item.unit, say) : say('quantity')}
        value={text}
        onText={setText}
        isDefault
        isNumber
        error={error}
        placeholder={fromScale === null ? undefined : formatQty(fromScale, 'kg')}
        hint={
          fromScale === null
            ? say('weightHelp', { unit: unitWord(item.unit, say) })
            : say('weightScale', { weight: formatQty(fromScale, 'kg') })
        }
        testId="weight"
      />
    </Dialog>
  );
}
