/**
 * A cashier who goes on selling through every crash, and remembers: what the till said is done, what was asked
 * and not answered, what each cart held. Rule kept: after a crash the unanswered command is sent again as it
 * was (same cart, same key), as a person or an integrator would; each customer is to get one bill.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import type { Paise } from '#core/money.ts';
import type { CartFeedEvent, LineView } from '#contract/views.ts';
import type { TillClient } from '#tools/till-client.ts';
import { type Ack, ackOf, ackOfBill } from './audit.ts';
import { ownerPin } from './demo-goods.ts';
import type { Random } from './seeded-random.ts';

/** A state of a cart: it only grows, so a number tells how far it was. */
type Step = { readonly progress: number; ackedAtMs: number | null };
type Unanswered =
  | { readonly kind: 'bill'; readonly cartId: Uuid }
  | { readonly kind: 'creditNote'; readonly key: Uuid; readonly billId: Uuid }
  | { readonly kind: 'receive'; readonly key: string; readonly itemId: Uuid };

export type Counter = {
  /** Bills of before, of customers nobody here remembers. */
  readonly skipBills: (billIds: readonly Uuid[]) => void;
  /** The till was killed: what each cart must hold at the next start is settled here. */
  readonly killed: (atMs: number) => void;
  /** Signs in, looks whether the carts are as they must be, sends again what was not answered. */
  readonly takeUp: (client: TillClient, ask: Ask) => Promise<void>;
  /** A slow cashier leaves carts standing open; a quick one makes many bills. */
  readonly setPace: (isSlow: boolean) => void;
  /** One customer, or a return, or goods that come in. */
  readonly work: (client: TillClient, ask: Ask) => Promise<void>;
  readonly acks: () => readonly Ack[];
  /** Acknowledged since last asked. */
  readonly takeNewAcks: () => readonly Ack[];
  readonly forget: (lost: readonly Ack[]) => void;
  readonly counts: () => {
    readonly acknowledged: number;
    readonly cartLost: number;
    /** A second commit of a cart that answered another bill. */
    readonly wronglyRepeated: number;
    /** Commits sent again after a crash, and how many of them the till had already made. */
    readonly retried: number;
    readonly foundMade: number;
  };
  /** Customers with more than one bill, and bills of nobody. */
  readonly doubledIn: (billIds: readonly Uuid[]) => number;
  /** Deliveries of goods that may be there at most: acknowledged, or asked and not answered. */
  readonly mostReceipts: () => number;
};
type Ask = <T>(call: Promise<T>) => Promise<T>;

/** A cart change acknowledged longer ago than this must survive. */
const cartGraceMs = 250;
const tenderStep = 1_000;

/** `onCommit` is told when a commit is on its way. */
export function makeCounter(random: Random, barcodes: readonly string[], onCommit: () => void): Counter {
  const acks = new Map<string, Ack>();
  let newAcks: Ack[] = [];
  const carts = new Map<Uuid, Step[]>();
  const customerOfCart = new Map<Uuid, number>();
  let skipped: ReadonlySet<Uuid> = new Set();
  let nextCustomer = 1;
  /** Whose cart was gone with the last moments before a crash: served first, on a new cart. */
  const returning: number[] = [];
  let isSlow = false;
  let unanswered: Unanswered | null = null;
  let sold: Uuid[] = [];
  let [cartLost, wronglyRepeated, received, documents, retried, foundMade] = [0, 0, 0, 0, 0, 0];

  const acknowledge = (ack: Ack): void => {
    acks.set(ack.kind === 'command' ? ack.key : ack.id, ack);
    newAcks.push(ack);
    documents += 1;
  };

  const progressOf = (lines: readonly LineView[], tenders: number): number =>
    lines.reduce((sum, line) => sum + line.qtyMilli / 1000, 0) + tenders * tenderStep;

  function killed(atMs: number): void {
    for (const [id, steps] of carts) {
      const must = steps.filter((s) => s.ackedAtMs !== null && s.ackedAtMs <= atMs - cartGraceMs);
      const progress = Math.max(0, ...must.map((s) => s.progress));
      // Once settled it stays settled, should the next start be killed before anybody could look.
      carts.set(id, [{ progress, ackedAtMs: 0 }]);
    }
  }

  async function takeUp(client: TillClient, ask: Ask): Promise<void> {
    await ask(client.staff.signIn({ staffId: null, pin: ownerPin }));
    const { shift } = await ask(client.shift.state());
    if (shift === null) await ask(client.shift.open({ key: random.uuid(), floatPaise: 50_000 as Paise }));
    await compareCarts(client, ask);
    await answerTheUnanswered(client, ask);
  }

  async function compareCarts(client: TillClient, ask: Ask): Promise<void> {
    const open = await ask(client.cart.get());
    const found = new Map([[open.header.cartId, progressOf(open.lines, open.header.tenders.length)]]);
    for (const held of await ask(client.cart.held())) found.set(held.id, progressOf(held.lines, 0));
    for (const [id, steps] of carts) {
      const least = steps[0]?.progress ?? 0;
      const progress = found.get(id) ?? null;
      if (progress !== null) {
        if (progress < least) cartLost += 1;
        // From here on this is what is known of it.
        carts.set(id, [{ progress, ackedAtMs: 0 }]);
        continue;
      }
      carts.delete(id);
      if (await isBilled(client, ask, id)) continue;
      if (least > 0) cartLost += 1;
      const customer = customerOfCart.get(id);
      if (customer !== undefined) returning.push(customer);
    }
  }

  const isBilled = async (client: TillClient, ask: Ask, id: Uuid): Promise<boolean> => {
    try {
      await ask(client.bill.get({ id }));
      return true;
    } catch (error) {
      if (refusalOf(error) === 'NotFound') return false;
      throw error;
    }
  };

  async function answerTheUnanswered(client: TillClient, ask: Ask): Promise<void> {
    const asked = unanswered;
    if (asked === null) return;
    if (asked.kind === 'creditNote') await returnGoods(client, ask, asked);
    else if (asked.kind === 'receive') await receive(client, ask, asked);
    else {
      try {
        retried += 1;
        if (await commit(client, ask, asked.cartId)) foundMade += 1;
      } catch (error) {
        // Its last moments went with the crash: the cart is there without its tender, or not at all.
        const type = refusalOf(error);
        if (type === null) throw error;
        unanswered = null;
      }
    }
  }

  /** Answers whether the till had made this bill before. */
  async function commit(client: TillClient, ask: Ask, cartId: Uuid): Promise<boolean> {
    unanswered = { kind: 'bill', cartId };
    const answered = ask(client.bill.commit({ cartId }));
    onCommit();
    const { bill, isRepeat } = await answered;
    unanswered = null;
    carts.delete(cartId);
    acknowledge(ackOfBill(bill));
    sold.push(bill.id);
    if (!random.isLikely(0.1)) return isRepeat;
    // A double key press, or an answer that a wire swallowed.
    const again = await ask(client.bill.commit({ cartId }));
    if (!again.isRepeat || again.bill.number !== bill.number) wronglyRepeated += 1;
    return isRepeat;
  }

  async function change(cartId: Uuid, by: number, call: () => Promise<unknown>): Promise<void> {
    const steps = carts.get(cartId) ?? [];
    carts.set(cartId, steps);
    const step: Step = { progress: (steps.at(-1)?.progress ?? 0) + by, ackedAtMs: null };
    steps.push(step);
    await call();
    step.ackedAtMs = performance.now();
  }

  /** The open cart and whose it is: one left over from before, else a held one, else a new customer's. */
  async function nextCart(client: TillClient, ask: Ask): Promise<Extract<CartFeedEvent, { kind: 'all' }>> {
    let open = await ask(client.cart.get());
    if (open.lines.length === 0 && open.header.heldCount > 0 && random.isLikely(0.5)) {
      const [held] = await ask(client.cart.held());
      if (held !== undefined) await ask(client.cart.recall({ key: random.uuid(), heldId: held.id }));
      open = await ask(client.cart.get());
    }
    const { cartId } = open.header;
    if (!customerOfCart.has(cartId)) {
      const customer = returning.shift() ?? nextCustomer;
      if (customer === nextCustomer) nextCustomer += 1;
      customerOfCart.set(cartId, customer);
    }
    return open;
  }

  async function sell(client: TillClient, ask: Ask): Promise<void> {
    const { header, lines } = await nextCart(client, ask);
    const { cartId } = header;
    if (header.tenders.length === 0) {
      const wanted = lines.length === 0 ? 1 + random.below(10) : random.below(3);
      for (let n = 0; n < wanted; n += 1) {
        const key = random.uuid();
        await change(cartId, 1, () => ask(client.cart.scan({ key, cartId, code: random.pick(barcodes) })));
        if (isSlow) await sleep(20 + random.below(100));
      }
      if (random.isLikely(0.1)) {
        await ask(client.cart.hold({ key: random.uuid(), cartId }));
        return;
      }
      const tender = { key: random.uuid(), cartId, kind: random.pick(['cash', 'card'] as const), amountPaise: null };
      await change(cartId, tenderStep, () => ask(client.cart.addTender(tender)));
    }
    // Now and then the cashier counts the notes once more: the cart waits, complete and unbilled.
    if (random.isLikely(0.1)) await sleep(100 + random.below(400));
    await commit(client, ask, cartId);
  }

  async function returnGoods(
    client: TillClient,
    ask: Ask,
    asked: Extract<Unanswered, { kind: 'creditNote' }>,
  ): Promise<void> {
    unanswered = asked;
    const { creditNote } = await ask(
      client.creditNote.commitForBill({
        key: asked.key,
        billId: asked.billId,
        lines: [{ billLineNo: 1, qtyMilli: 1000 as Milli, isRestocked: true }],
        reason: 'notWanted',
        refundKind: 'cash',
      }),
    );
    unanswered = null;
    acknowledge(ackOf('creditNote', creditNote));
  }

  async function receive(client: TillClient, ask: Ask, asked: Extract<Unanswered, { kind: 'receive' }>): Promise<void> {
    unanswered = asked;
    const { key, itemId } = asked;
    await ask(client.stock.receive({ key, lines: [{ itemId, qtyMilli: 24_000 as Milli }] }));
    unanswered = null;
    received += 1;
    acknowledge({ kind: 'command', key });
  }

  async function work(client: TillClient, ask: Ask): Promise<void> {
    if (random.isLikely(0.1) && sold.length > 0) {
      const billId = random.pick(sold);
      // One return for each bill: a second might ask for more than is left of the line.
      sold = sold.filter((id) => id !== billId).slice(-50);
      await returnGoods(client, ask, { kind: 'creditNote', key: random.uuid() as Uuid, billId });
    } else if (random.isLikely(0.05)) {
      const { id } = await ask(client.item.byCode({ code: random.pick(barcodes) }));
      await receive(client, ask, { kind: 'receive', key: random.uuid(), itemId: id });
    } else await sell(client, ask);
  }

  const doubledIn = (billIds: readonly Uuid[]): number => {
    const bills = new Map<number, number>();
    let strange = 0;
    for (const id of billIds) {
      if (skipped.has(id)) continue;
      const customer = customerOfCart.get(id);
      if (customer === undefined) strange += 1;
      else bills.set(customer, (bills.get(customer) ?? 0) + 1);
    }
    return strange + [...bills.values()].filter((n) => n > 1).length;
  };

  return {
    skipBills: (billIds) => {
      skipped = new Set(billIds);
    },
    killed,
    setPace: (to) => {
      isSlow = to;
    },
    takeUp,
    work,
    acks: () => [...acks.values()],
    takeNewAcks: () => {
      const taken = newAcks;
      newAcks = [];
      return taken;
    },
    forget: (lost) => {
      for (const ack of lost) {
        if (ack.kind === 'command') received -= 1;
        else if (unanswered?.kind === 'creditNote' && unanswered.billId === ack.id) unanswered = null;
        acks.delete(ack.kind === 'command' ? ack.key : ack.id);
        sold = sold.filter((id) => ack.kind === 'command' || id !== ack.id);
      }
    },
    counts: () => ({ acknowledged: documents, cartLost, wronglyRepeated, retried, foundMade }),
    doubledIn,
    mostReceipts: () => received + (unanswered?.kind === 'receive' ? 1 : 0),
  };
}

/** The type of a domain error; null for anything else. */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'DOMAIN' || !('data' in error)) return null;
  return (error.data as { readonly type: string }).type;
}
