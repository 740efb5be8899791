/** Held bills (F6): the list left, a preview right. Rule kept: amount and first item are the largest, for that
 * is how cashiers know a bill again; older than two hours is amber; Enter recalls, Del drops with a reason. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { HeldCart } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { formatPaise, formatRupees } from '#core/money.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Cap, Dialog, Numbered } from '../parts/pieces.tsx';
import { ageText, clockTime, nameIn, qtyText } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { command } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

const oldMs = 7_200_000;

function HeldRow({
  cart,
  isChosen,
  onChoose,
}: {
  readonly cart: HeldCart;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { say, language } = useWords();
  const [age] = useState(() => Date.now() - cart.heldAtMs);
  return (
    <UnstyledButton className={isChosen ? 'bm-held bm-held-chosen' : 'bm-held'} onClick={onChoose} data-testid="held">
      <span className="bm-held-top">
        <b>{cart.firstItems.slice(0, 1).map((item) => nameIn(item, language))}</b>
        <b className="bm-num">{formatRupees(cart.payablePaise)}</b>
      </span>
      <span className={age > oldMs ? 'bm-held-under bm-under-warn' : 'bm-held-under'}>
        {clockTime(cart.heldAtMs, language)} · {say('heldAge', { age: ageText(age, say) })} · {cart.cashierName} ·{' '}
        {say('itemCount', { count: cart.itemCount })}
      </span>
      <span className="bm-held-under">
        {cart.firstItems
          .slice(1)
          .map((item) => nameIn(item, language))
          .join(', ')}
      </span>
    </UnstyledButton>
  );
}

function HeldPreview({ cart }: { readonly cart: HeldCart }) {
  const { say, language } = useWords();
  return (
    <div className="bm-held-preview">
      {cart.lines.map((line) => (
        <div key={line.id}>
          {line.kind === 'unknown' ? (
            <span className="bm-under-bad">{say('unknownLine', { code: line.code.slice(0, 30) })}</span>
          ) : (
            <>
              <span>
                {nameIn(line, language)} <small>{qtyText(line.qtyMilli, line.unit, say)}</small>
              </span>
              <b className="bm-num">{formatPaise(line.amountPaise)}</b>
            </>
          )}
        </div>
      ))}
    </div>
  );
}

export function HeldBills({ putAside }: { readonly putAside: Uuid | null }) {
  const { say } = useWords();
  const [carts, setCarts] = useState<readonly HeldCart[] | null>(null);
  const [picked, setPicked] = useState<number | null>(null);
  const [dropping, setDropping] = useState<HeldCart | null>(null);
  const load = (): void => {
    void ask((till) => till.cart.held()).then((answer) => {
      if (answer.ok) setCarts(answer.value);
    });
  };
  useEffect(load, []);
  // Who opens the list over a bill wants another one: the bill that F6 just put aside is not what Enter brings.
  const at = picked ?? Math.max(0, carts?.findIndex((cart) => cart.id !== putAside) ?? 0);
  const chosen = carts?.[Math.min(at, (carts?.length ?? 1) - 1)];
  const recall = (heldId = chosen?.id): void => {
    if (heldId === undefined) return;
    void command((till, key) => till.cart.recall({ key, heldId })).then((answer) => {
      if (answer.ok) closePanel();
    });
  };
  // "Nothing changed" is true of Esc: what lay open before the list lies open again, unless it was dropped here.
  const back = (): void => {
    const isGone = carts !== null && !carts.some((cart) => cart.id === putAside);
    if (putAside === null || isGone) closePanel();
    else recall(putAside);
  };
  if (dropping !== null) {
    return (
      <DropHeld
        cart={dropping}
        onDone={() => {
          setDropping(null);
          load();
        }}
      />
    );
  }
  return (
    <Dialog
      title={say('heldTitle')}
      size="large"
      keys={{
        name: 'held',
        back,
        enter: () => recall(),
        accept: () => recall(),
        move: (key) =>
          setPicked((now) =>
            Math.max(0, Math.min((carts?.length ?? 1) - 1, (now ?? at) + (key === 'Up' || key === 'PageUp' ? -1 : 1))),
          ),
        choose: (digit) => setPicked(Math.max(0, Math.min((carts?.length ?? 1) - 1, digit - 1))),
        del: () => {
          if (chosen !== undefined) setDropping(chosen);
        },
      }}
      footer={
        <>
          <ActionButton look="main" cap="Enter" onPress={() => recall()} isDisabled={chosen === undefined}>
            {say('recallIt')}
          </ActionButton>
          <ActionButton
            look="quiet"
            cap="Del"
            onPress={() => setDropping(chosen ?? null)}
            isDisabled={chosen === undefined}
          >
            {say('dropIt')}
          </ActionButton>
          <span className="bm-hint bm-push">
            <Cap>Esc</Cap> {say('kBack')}
          </span>
        </>
      }
    >
      {carts?.length === 0 ? <p className="bm-dialog-help">{say('heldNone')}</p> : null}
      <div className="bm-held-grid">
        <div className="bm-held-list">
          {carts?.map((cart, i) => (
            <HeldRow key={cart.id} cart={cart} isChosen={cart === chosen} onChoose={() => setPicked(i)} />
          ))}
        </div>
        {chosen === undefined ? null : <HeldPreview cart={chosen} />}
      </div>
    </Dialog>
  );
}

function DropHeld({ cart, onDone }: { readonly cart: HeldCart; readonly onDone: () => void }) {
  const { say } = useWords();
  const reasons = say('dropReasons').split('|');
  const drop = (index: number): void => {
    const reason = reasons[index];
    if (reason === undefined) return;
    void command((till, key) => till.cart.dropHeld({ key, heldId: cart.id, reason })).then(onDone);
  };
  return (
    <Dialog
      title={say('dropHeldWhy')}
      help={formatRupees(cart.payablePaise)}
      keys={{ name: 'dropHeld', back: onDone, choose: (digit) => drop(digit - 1) }}
    >
      <Numbered label={say('reason')} options={reasons} chosen={-1} onChoose={drop} />
    </Dialog>
  );
}
