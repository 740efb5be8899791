/**
 * The second opinion: a bill's amounts worked out again from what was sold, straight from the law. Rule kept:
 * nothing of core/ or the till is used here, not even its rounding, so that one mistake can't be in both.
 * Whole paise and thousandths of a piece as BigInt; each division rounds half up (CGST Act s. 170).
 */

export type SoldLine = {
  readonly pricePaise: number;
  readonly qtyMilli: number;
  readonly rateBp: number;
  readonly isInclusive: boolean;
};
export type DerivedLine = {
  readonly net: bigint;
  readonly taxable: bigint;
  readonly cgst: bigint;
  readonly sgst: bigint;
  readonly total: bigint;
};
export type Derived = {
  readonly lines: readonly DerivedLine[];
  readonly taxable: bigint;
  readonly cgst: bigint;
  readonly sgst: bigint;
  readonly total: bigint;
  readonly payable: bigint;
  readonly roundOff: bigint;
};

/** n ÷ d to the nearest whole, a half away from zero. */
export function nearest(n: bigint, d: bigint): bigint {
  const q = n / d;
  const rest = n - q * d;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < d) return q;
  return n < 0n ? q - 1n : q + 1n;
}

/**
 * One line sold within the State. A price with tax inside: each head = value × its rate ÷ (100 + sum of
 * rates) (CGST Rule 35); without: each head = value × its rate (s. 9). Each head is rounded on its own.
 */
export function deriveLine(line: SoldLine): DerivedLine {
  const rate = BigInt(line.rateBp);
  const net = nearest(BigInt(line.pricePaise) * BigInt(line.qtyMilli), 1_000n);
  // Half the rate over 10,000 is the rate over 20,000: no half basis points.
  const head = line.isInclusive ? nearest(net * rate, 2n * (10_000n + rate)) : nearest(net * rate, 20_000n);
  return line.isInclusive
    ? { net, taxable: net - head - head, cgst: head, sgst: head, total: net }
    : { net, taxable: net, cgst: head, sgst: head, total: net + head + head };
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

/** The whole document: totals are sums of lines, payable is to the rupee. */
export function deriveSale(sold: readonly SoldLine[]): Derived {
  const lines = sold.map(deriveLine);
  const total = sum(lines.map((l) => l.total));
  return documentOf(lines, nearest(total, 100n) * 100n);
}

const documentOf = (lines: readonly DerivedLine[], payable: bigint): Derived => {
  const total = sum(lines.map((l) => l.total));
  return {
    lines,
    taxable: sum(lines.map((l) => l.taxable)),
    cgst: sum(lines.map((l) => l.cgst)),
    sgst: sum(lines.map((l) => l.sgst)),
    total,
    payable,
    roundOff: payable - total,
  };
};

/** What has come back of one bill: thousandths of a piece by line, and paise. */
export type Returned = { readonly qtyByLine: Map<number, bigint>; refunded: bigint };

/**
 * A credit note against a bill (s. 34): of every amount of the line the part that the returned quantity is of
 * the sold one, counted from the first return on so that parts add up to the whole. The refund is rounded on
 * the running total; who brings all back gets all back. `returned` moves on.
 */
export function deriveReturn(
  bill: Derived,
  sold: readonly SoldLine[],
  wanted: readonly { readonly billLineNo: number; readonly qtyMilli: number }[],
  returned: Returned,
): Derived {
  const lines = wanted.map(({ billLineNo, qtyMilli }): DerivedLine => {
    const before = returned.qtyByLine.get(billLineNo) ?? 0n;
    const after = before + BigInt(qtyMilli);
    returned.qtyByLine.set(billLineNo, after);
    return difference(partOf(bill, sold, billLineNo, after), partOf(bill, sold, billLineNo, before));
  });
  const running = sum([...returned.qtyByLine].map(([lineNo, qty]) => partOf(bill, sold, lineNo, qty).total));
  const isAll = sold.every((line, i) => returned.qtyByLine.get(i + 1) === BigInt(line.qtyMilli));
  const refundedAfter = isAll ? bill.payable : nearest(running, 100n) * 100n;
  const payable = refundedAfter - returned.refunded;
  returned.refunded = refundedAfter;
  return documentOf(lines, payable);
}

function partOf(bill: Derived, sold: readonly SoldLine[], lineNo: number, qty: bigint): DerivedLine {
  const line = bill.lines[lineNo - 1];
  const terms = sold[lineNo - 1];
  if (line === undefined || terms === undefined) throw new Error(`no line ${lineNo} on the bill`);
  const part = (amount: bigint): bigint => nearest(amount * qty, BigInt(terms.qtyMilli));
  const cgst = part(line.cgst);
  const sgst = part(line.sgst);
  const net = part(line.net);
  // Tax inside the price: the value is what the money leaves. Tax on top: the value is the net itself.
  const taxable = terms.isInclusive ? net - cgst - sgst : net;
  const total = terms.isInclusive ? net : net + cgst + sgst;
  return { net, taxable, cgst, sgst, total };
}

const difference = (a: DerivedLine, b: DerivedLine): DerivedLine => ({
  net: a.net - b.net,
  taxable: a.taxable - b.taxable,
  cgst: a.cgst - b.cgst,
  sgst: a.sgst - b.sgst,
  total: a.total - b.total,
});
