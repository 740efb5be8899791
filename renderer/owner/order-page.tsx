/**
 * Order: what to buy today, by supplier or category. Rule kept: digits change packs, Del leaves a line for another day,
 * Ctrl Z takes any of it back; nothing is sent to anybody from here, the list is printed or saved.
 */
import { useLayoutEffect, useState } from 'react';
import type { OrderLine, OrderView } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { tell } from '../counter/ui-store.ts';
import type { MoveKey } from '../keys/form-stack.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { clockTime, nameIn, shortDay } from '../words/formats.ts';
import { languageNow, useWords } from '../words/words.ts';
import { AsOf } from './as-of.tsx';
import { DeskPageFrame, KeyHints } from './desk-pieces.tsx';
import { deskStore, showItem, showPage, toCounter, useDesk } from './desk-store.ts';
import { countText, dayText } from './figures.ts';
import { DeliveryForm } from './order-delivery.tsx';
import { AddItem, ItemForm, RulesForm } from './order-dialogs.tsx';
import { useJob } from './job-state.tsx';
import { type Draft, groupsOf, OrderRows, type ShownGroup } from './order-rows.tsx';
import { OrderSheet } from './order-sheet.tsx';
import { OrderSum, OrderValue } from './order-side.tsx';
import { useRounds } from './renewed.ts';
import { printList, saveList, useOrderList } from './order-state.ts';

type Open = 'add' | 'item' | 'rules' | 'delivery' | 'sheet' | null;
const mostPacks = 100_000;

const packsField = (itemId: Uuid): HTMLInputElement | null =>
  document.querySelector<HTMLInputElement>(`[data-packs="${itemId}"]`);

export function OrderPage() {
  const { say, language } = useWords();
  const { groupBy, orderItem } = useDesk((desk) => ({ groupBy: desk.groupBy, orderItem: desk.orderItem }));
  const list = useOrderList(groupBy, useRounds(useJob()?.state));
  const [open, setOpen] = useState<Open>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [error, setError] = useState('');
  const { view } = list;
  const groups = view === null ? [] : groupsOf(view);
  const lines = groups.flatMap((group) => group.lines);
  const named = (group: ShownGroup | undefined) =>
    group === undefined || group.name === null ? null : { ...group, name: group.name };
  const chosen = lines.find((line) => line.itemId === orderItem) ?? lines[0] ?? null;
  const choose = (itemId: Uuid): void => deskStore.patch({ orderItem: itemId });
  const group = named(groups.find((one) => one.lines.some(({ itemId }) => itemId === chosen?.itemId)));
  const ordered = lines.filter((line) => line.packs > 0).length;
  const openDelivery = (): void => {
    if (group !== null) return setOpen('delivery');
    play('refused');
    tell(() => say(groupBy === 'supplier' ? 'olSaySupplierFirst' : 'olSayCategoryFirst'), 'quiet');
  };

  /** What was typed becomes the line's; false where it is no number of packs. */
  const settle = (): boolean => {
    if (draft === null) return true;
    const line = lines.find((one) => one.itemId === draft.itemId);
    const packs =
      draft.text.trim() === '' ? null : /^\d{1,6}$/.test(draft.text.trim()) ? Number(draft.text.trim()) : -1;
    if (packs !== null && (packs < 0 || packs > mostPacks)) {
      play('refused');
      setError(say('olPacksBad'));
      tell(() => say('olPacksBad'), 'bad');
      return false;
    }
    setDraft(null);
    setError('');
    if (line !== undefined) list.setPacks(line, packs);
    return true;
  };
  const leaveField = (): void => {
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.closest('main')?.focus();
  };
  const move = (key: MoveKey): void => {
    if (!settle() || chosen === null) return;
    leaveField();
    const at = lines.indexOf(chosen);
    const wanted = { Up: at - 1, Down: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: lines.length - 1 }[
      key
    ];
    const next = lines[Math.max(0, Math.min(lines.length - 1, wanted))];
    if (next !== undefined) choose(next.itemId);
  };
  const type = (line: OrderLine, text: string): void => {
    setError('');
    setDraft({ itemId: line.itemId, text });
  };
  // A digit on a line begins its packs anew; the caret stands behind it.
  const begun = draft?.itemId ?? null;
  useLayoutEffect(() => {
    const field = begun === null ? null : packsField(begun);
    if (field === null || document.activeElement === field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, [begun]);
  const see = (line: OrderLine): void => {
    choose(line.itemId);
    showItem(line.itemId, 'order');
  };
  const turn = (): void => deskStore.patch({ groupBy: groupBy === 'supplier' ? 'category' : 'supplier' });
  const when = (atMs: number): string => `${shortDay(atMs, language)}, ${clockTime(atMs, language)}`;
  return (
    <DeskPageFrame
      testId="order-page"
      className="ow-order"
      keys={{
        name: 'order',
        back: () => {
          if (draft !== null) {
            setDraft(null);
            setError('');
            return leaveField();
          }
          if (document.activeElement instanceof HTMLInputElement) return leaveField();
          toCounter();
        },
        enter: () => {
          if (document.activeElement instanceof HTMLInputElement) {
            if (settle()) leaveField();
          } else if (chosen !== null) see(chosen);
        },
        move,
        choose: (digit) => {
          if (chosen === null) return;
          setError('');
          // A digit may come before the field that the one before it opened has the caret.
          setDraft((now) => ({
            itemId: chosen.itemId,
            text: now?.itemId === chosen.itemId ? `${now.text}${digit}` : String(digit),
          }));
        },
        del: () => {
          if (chosen === null) return;
          setDraft(null);
          leaveField();
          list.setPacks(chosen, 0);
          tell(() => say('olLeftOut', { name: nameIn(chosen, languageNow()) }), 'quiet');
        },
        print: () => void printList(),
        slash: () => setOpen('add'),
        letters: {
          A: () => (ordered === 0 ? undefined : setOpen('sheet')),
          D: openDelivery,
          E: () => void saveList(),
          G: turn,
          I: () => setOpen(chosen === null ? null : 'item'),
          R: () => setOpen('rules'),
          N: () => showPage({ is: 'forecasts' }),
          X: list.again,
        },
        same: { CtrlZ: list.undo },
      }}
    >
      <header className="ow-head">
        <h1>{say('owOrder')}</h1>
        <span className="ow-note" data-testid="order-note">
          {view === null
            ? ''
            : `${say('olOf', { count: lines.length, n: countText(lines.length), all: countText(view.itemsWatched) })} ${view.madeAtMs === null ? '' : say('olMadeAt', { when: when(view.madeAtMs) })}`}
        </span>
        <span className="bm-push" />
        <ActionButton cap="G" onPress={turn} testId="order-group">
          {say(groupBy === 'supplier' ? 'olByCategory' : 'olBySupplier')}
        </ActionButton>
        <ActionButton cap="D" onPress={openDelivery} isDisabled={group === null} testId="order-delivery">
          {say('olDeliveryDays')}
        </ActionButton>
        <ActionButton cap="R" onPress={() => setOpen('rules')} testId="order-rules">
          {say('olRules')}
        </ActionButton>
        <ActionButton cap="/" onPress={() => setOpen('add')} testId="order-add">
          <span className="ow-with-icon">
            <Icon name="plus" size={16} />
            {say('olAddItem')}
          </span>
        </ActionButton>
      </header>
      {view === null || view.origin === null ? null : <AsOf dates={{ origin: view.origin, today: view.today }} />}
      <div className="ow-two">
        <section className="bm-card ow-list">
          {view === null || lines.length === 0 ? (
            <Nothing view={view} error={list.error} onAgain={list.again} />
          ) : (
            <OrderRows
              groups={groups}
              chosen={chosen?.itemId ?? null}
              draft={draft}
              error={error}
              acts={{ onChoose: choose, onOpen: see, onType: type, onLeave: () => void settle() }}
            />
          )}
          {list.error === '' || view === null ? null : <p className="bm-field-error bm-pad">{list.error}</p>}
          <div className="ow-foot">
            <KeyHints
              hints={[
                ['↑|↓', 'fcHintItem'],
                ['0-9', 'olHintPacks'],
                ['Del', 'olNotToday'],
                ['Enter', 'olHintSee'],
                ['Ctrl Z', 'kUndo'],
              ]}
            />
          </div>
        </section>
        <div className="ow-column ow-side">
          {view === null ? null : <OrderValue view={view} onSheet={() => setOpen('sheet')} />}
          {view === null || chosen === null ? null : (
            <OrderSum line={chosen} view={view} onItem={() => setOpen('item')} />
          )}
        </div>
      </div>
      {open === 'add' ? (
        <AddItem
          onClose={() => setOpen(null)}
          onAdd={(itemId) => {
            choose(itemId);
            return list.add(itemId);
          }}
        />
      ) : null}
      {open === 'item' && chosen !== null ? (
        <ItemForm line={chosen} onClose={() => setOpen(null)} onSave={(as) => list.saveItem(chosen, as)} />
      ) : null}
      {open === 'delivery' && view !== null && group !== null ? (
        <DeliveryForm
          group={group}
          rules={view.rules}
          onClose={() => setOpen(null)}
          onSave={(delivery) => list.saveDelivery(group.name, group.delivery, delivery)}
        />
      ) : null}
      {open === 'sheet' && view !== null ? <OrderSheet view={view} onClose={() => setOpen(null)} /> : null}
      {open === 'rules' && view !== null ? (
        <RulesForm rules={view.rules} onClose={() => setOpen(null)} onSave={list.saveRules} />
      ) : null}
    </DeskPageFrame>
  );
}

/** The table's place while there is none: on its way, failed, no forecast yet, or nothing to buy and until when. */
function Nothing(props: { readonly view: OrderView | null; readonly error: string; readonly onAgain: () => void }) {
  const { say, language } = useWords();
  const { view } = props;
  if (view === null && props.error === '') return <div className="ow-empty" data-testid="order-coming" />;
  if (view === null)
    return (
      <div className="ow-empty" role="alert" data-testid="order-error">
        <p>{props.error}</p>
        <ActionButton cap="X" onPress={props.onAgain} testId="order-again">
          {say('olAgain')}
        </ActionButton>
      </div>
    );
  const text =
    view.madeAtMs === null
      ? say('fcNotMade')
      : view.nextDueOn === null
        ? say('olEmptyLong')
        : say('olEmptyUntil', { day: dayText(view.nextDueOn, language) });
  return (
    <p className="ow-empty" data-testid="order-empty">
      {text}
    </p>
  );
}
