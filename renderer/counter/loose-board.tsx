/** Loose goods: a 3×3 board picked by digits. Rule kept: what is picked goes the way of every other pick
 * (scan-text.ts): the scale's weight at once, else the question how much. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FoundItem } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { Cap } from '../parts/pieces.tsx';
import { nameIn, unitWord } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { addFound } from './scan-text.ts';
import { closePanel, uiStore } from './ui-store.ts';

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
    void addFound(item, chip);
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
