/**
 * The cart's rows, newest at the bottom and always in view. Rule kept: a row is drawn anew only when its own
 * line changed; every amount is the till's. An unknown code is a red row that says how to settle it.
 */
import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import type { ItemLineView, LineView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { formatPaise } from '#core/money.ts';
import { formatQty } from '#core/quantity.ts';
import { nameIn, offText, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { useCart } from './cart-store.ts';
import { LineQty } from './line-qty.tsx';
import { uiStore, useUi } from './ui-store.ts';

type RowProps = {
  readonly line: LineView;
  readonly no: number;
  readonly isChosen: boolean;
  readonly isEditing: boolean;
  readonly error: string | null;
};

function ItemRow({ line, no, isChosen, isEditing, error }: RowProps & { readonly line: ItemLineView }) {
  const { say, language } = useWords();
  const under =
    error ??
    (isChosen && line.stockBelowZeroMilli !== null
      ? say('belowZero', { stock: formatQty(line.stockBelowZeroMilli, line.unit) })
      : null);
  return (
    <>
      <span className="bm-no">{no}</span>
      <span className="bm-name">
        <span>{nameIn(line, language)}</span>
        {line.packName === null ? null : <span className="bm-tag">{line.packName}</span>}
        {line.hasRate ? null : <span className="bm-tag bm-tag-warn">{say('noRate')}</span>}
      </span>
      {isEditing ? <LineQty line={line} /> : <span className="bm-qty">{formatQty(line.qtyMilli, line.unit)}</span>}
      <span className="bm-unit">{unitBeside(line.unit, say)}</span>
      <span className="bm-mrp">{line.mrpPaise === null ? '' : formatPaise(line.mrpPaise)}</span>
      <span className="bm-rate">{formatPaise(line.sellingPricePaise)}</span>
      <span className="bm-off">{line.offPaise === 0 ? '' : offText(line.offPaise)}</span>
      <span className="bm-amount">{formatPaise(line.amountPaise)}</span>
      {under === null ? null : (
        <span className={`bm-row-under ${error === null ? 'bm-under-warn' : 'bm-under-bad'}`} data-testid="line-error">
          {under}
        </span>
      )}
    </>
  );
}

const Row = memo(function Row(props: RowProps) {
  const { line, no, isChosen } = props;
  const { say } = useWords();
  const element = useRef<HTMLDivElement>(null);
  // A new line is brought into view by the list, which scrolls to its end; once is enough.
  const isNew = useRef(true);
  useLayoutEffect(() => {
    const skips = isNew.current;
    isNew.current = false;
    if (isChosen && !skips) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const look = line.kind === 'unknown' ? 'bm-row-unknown' : isChosen ? 'bm-row-chosen' : '';
  return (
    <div
      ref={element}
      className={`bm-grid bm-row ${look}`}
      role="option"
      aria-selected={isChosen}
      data-testid={line.kind === 'unknown' ? 'line-unknown' : 'line'}
      data-line={line.id}
      onMouseDown={() => uiStore.patch({ chosen: line.id })}
    >
      {line.kind === 'unknown' ? (
        <>
          <span className="bm-no">{no}</span>
          <span className="bm-unknown-text">
            <span>{say('unknownLine', { code: line.code.slice(0, 40) })}</span>
            {isChosen ? <small>{say('unknownHelp')}</small> : null}
          </span>
        </>
      ) : (
        <ItemRow {...props} line={line} />
      )}
    </div>
  );
});

export const CartLines = memo(function CartLines() {
  const { say } = useWords();
  const { order, lines } = useCart((cart) => ({ order: cart.order, lines: cart.lines }));
  const { chosen, panel, lineError } = useUi((ui) => ({
    chosen: ui.chosen,
    panel: ui.panel,
    lineError: ui.lineError,
  }));
  const list = useRef<HTMLDivElement>(null);
  const last = order.at(-1);
  useLayoutEffect(() => {
    const box = list.current;
    if (box !== null && last !== undefined) box.scrollTop = box.scrollHeight;
  }, [last]);
  // A window made smaller, or zoomed, keeps the chosen line in view.
  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => {
      box.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const chosenId: Uuid | undefined = chosen !== null && lines.has(chosen) ? chosen : last;
  return (
    <>
      <div className="bm-grid bm-head" aria-hidden="true">
        <span />
        <span>{say('colItem')}</span>
        <span>{say('colQty')}</span>
        <span />
        <span>{say('colMrp')}</span>
        <span>{say('colRate')}</span>
        <span>{say('colOff')}</span>
        <span>{say('colAmount')}</span>
      </div>
      <div
        className="bm-lines"
        ref={list}
        role="listbox"
        aria-label={say('cartLabel')}
        data-testid="cart-lines"
        tabIndex={-1}
      >
        {order.map((id, i) => {
          const line = lines.get(id);
          return line === undefined ? null : (
            <Row
              key={id}
              line={line}
              no={i + 1}
              isChosen={id === chosenId}
              isEditing={panel?.kind === 'qty' && panel.lineId === id}
              error={lineError?.lineId === id ? lineError.said() : null}
            />
          );
        })}
      </div>
    </>
  );
});
