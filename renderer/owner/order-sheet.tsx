/**
 * The order on A4: the sum first, then each supplier's lines, page n of m, black on white in both schemes; printed by the
 * PC's own printer. Rule kept: what is shown is what is printed; costs can be left off for a paper that a supplier reads.
 */
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { OrderLine, OrderView } from '#contract/till-forecast.ts';
import { formatDeskRupees } from '#core/money.ts';
import { milli, multiplyQty } from '#core/quantity.ts';
import { useForm } from '../keys/form-stack.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { clockTime, longDate, nameIn } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { countText, dayText, plainQty, unitName } from './figures.ts';
import { groupsOf, type ShownGroup } from './order-rows.tsx';

type Row = { readonly group: ShownGroup; readonly line: OrderLine | null };
/** Rows of one height on a page; the first one has the sum above them. */
const [firstRows, otherRows] = [30, 36] as const;
const scrollBy = 120;

/** What is ordered, each group under its head; a head never stands alone at a page's foot. */
export function pagesOf(view: OrderView): readonly (readonly Row[])[] {
  const rows = groupsOf(view).flatMap((group): readonly Row[] => {
    const lines = group.lines.filter((line) => line.packs > 0);
    return lines.length === 0 ? [] : [{ group, line: null }, ...lines.map((line) => ({ group, line }))];
  });
  const pages: Row[][] = [[]];
  for (const [i, row] of rows.entries()) {
    const page = pages.at(-1) ?? [];
    const room = (pages.length === 1 ? firstRows : otherRows) - page.length;
    const isLastHead = row.line === null && room === 1 && rows[i + 1] !== undefined;
    if (room > 0 && !isLastHead) page.push(row);
    else pages.push([row]);
  }
  return pages;
}

const amount = (line: OrderLine): string =>
  line.costPaise === null ? '–' : formatDeskRupees(line.costPaise).replace('₹', '');

function SheetRow({ row, hasCost, say }: { readonly row: Row; readonly hasCost: boolean; readonly say: Say }) {
  const { language } = useWords();
  const { group, line } = row;
  if (line === null) {
    const nobody = say(group.by === 'supplier' ? 'olNoSupplier' : 'olNoCategory');
    return (
      <tr className="os-group">
        <th scope="rowgroup" colSpan={3}>
          {group.name ?? nobody}{' '}
          {group.comesOn === null ? null : <small>{say('olComesOn', { day: dayText(group.comesOn, language) })}</small>}
        </th>
        {hasCost ? <td>{formatDeskRupees(group.valuePaise).replace('₹', '')}</td> : null}
      </tr>
    );
  }
  const whole = multiplyQty(milli(line.packs * 1000), line.packMilli);
  return (
    <tr>
      <th scope="row">
        {nameIn(line, language)} <small>{line.code}</small>
      </th>
      <td>
        {line.packMilli === 1000
          ? ''
          : say('fcPacks', { count: line.packs, n: countText(line.packs), pack: plainQty(line.packMilli, line.unit) })}
      </td>
      <td>
        <b>{plainQty(whole, line.unit)}</b> {unitName(line.unit, say)}
      </td>
      {hasCost ? <td>{amount(line)}</td> : null}
    </tr>
  );
}

function Page(props: {
  readonly view: OrderView;
  readonly rows: readonly Row[];
  readonly at: number;
  readonly count: number;
  readonly hasCost: boolean;
}) {
  const { say, language } = useWords();
  const shop = useStore(sessionStore, (session) => session.shop);
  const { view, hasCost } = props;
  const ordered = view.lines.filter((line) => line.packs > 0).length;
  const [now] = useState(() => Date.now());
  return (
    <section className="os-page" data-testid="order-sheet-page">
      <header>
        <b>{shop?.name}</b>
        <span>
          {say('owOrder')}, {longDate(view.today, language)}
        </span>
      </header>
      {props.at > 0 ? null : (
        <p className="os-sum">
          {hasCost ? <b>{formatDeskRupees(view.valuePaise)}</b> : null}
          <span>{say('fcItems', { count: ordered, n: countText(ordered) })}</span>
          {hasCost && view.linesWithoutCost > 0 ? (
            <span>
              {say('olWithoutCost')}: {countText(view.linesWithoutCost)}
            </span>
          ) : null}
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{say('colItem')}</th>
            <th scope="col">{say('olPacks')}</th>
            <th scope="col">{say('olQuantity')}</th>
            {hasCost ? <th scope="col">{say('olCost')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <SheetRow key={row.line?.itemId ?? `g ${row.group.name ?? ''}`} row={row} hasCost={hasCost} say={say} />
          ))}
        </tbody>
      </table>
      <footer>
        <span>{say('olMadeWith', { when: clockTime(now, language) })}</span>
        <span>{say('olPageOf', { page: props.at + 1, count: props.count })}</span>
      </footer>
    </section>
  );
}

export function OrderSheet({ view, onClose }: { readonly view: OrderView; readonly onClose: () => void }) {
  const { say } = useWords();
  const [hasCost, setHasCost] = useState(true);
  const [at, setAt] = useState(0);
  const pages = pagesOf(view);
  const shown = Math.min(at, pages.length - 1);
  const box = useRef<HTMLDivElement>(null);
  const sheets = useRef<HTMLDivElement>(null);
  const print = (): void => window.print();
  const go = (by: number): void => {
    setAt(Math.max(0, Math.min(pages.length - 1, shown + by)));
    sheets.current?.scrollTo(0, 0);
  };
  useForm({
    name: 'orderSheet',
    back: onClose,
    enter: print,
    print,
    move: (key) => {
      if (key === 'Up' || key === 'Down') sheets.current?.scrollBy(0, key === 'Up' ? -scrollBy : scrollBy);
      else go({ PageUp: -1, PageDown: 1, Home: -pages.length, End: pages.length }[key]);
    },
    letters: { C: () => setHasCost((now) => !now) },
  });
  useLayoutEffect(() => {
    box.current?.focus();
    // Only the sheets go on paper, whatever stands behind them.
    document.documentElement.classList.add('os-printing');
    return () => document.documentElement.classList.remove('os-printing');
  }, []);
  // Beside the screens, not in them: on paper those are left out as one.
  return createPortal(
    <div
      ref={box}
      tabIndex={-1}
      className="os-shade"
      role="dialog"
      aria-modal="true"
      aria-label={say('olSheet')}
      data-form="orderSheet"
      data-testid="order-sheet"
    >
      <div className="os-bar">
        <b>{say('olSheet')}</b>
        <span className="os-count" role="status">
          {say('olPageOf', { page: shown + 1, count: pages.length })}
        </span>
        <span className="bm-push" />
        <ActionButton cap="PgUp" onPress={() => go(-1)} isDisabled={shown === 0}>
          {say('fcPrevious')}
        </ActionButton>
        <ActionButton cap="PgDn" onPress={() => go(1)} isDisabled={shown === pages.length - 1}>
          {say('fcNext')}
        </ActionButton>
        <ActionButton cap="C" onPress={() => setHasCost(!hasCost)} testId="order-sheet-cost">
          {say(hasCost ? 'olWithoutCosts' : 'olWithCosts')}
        </ActionButton>
        <ActionButton look="main" cap="Enter" onPress={print} testId="order-sheet-print">
          {say('olPrintPaper')}
        </ActionButton>
        <ActionButton cap="Esc" onPress={onClose}>
          {say('owBack')}
        </ActionButton>
      </div>
      <div ref={sheets} className="os-pages" tabIndex={0} role="region" aria-label={say('olSheet')}>
        {pages.map((rows, i) => (
          <div key={rows[0]?.line?.itemId ?? `p ${i}`} className={i === shown ? 'os-shown' : 'os-hidden'}>
            <Page view={view} rows={rows} at={i} count={pages.length} hasCost={hasCost} />
          </div>
        ))}
      </div>
    </div>,
    document.body,
  );
}
