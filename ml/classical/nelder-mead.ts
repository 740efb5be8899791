/**
 * The least of a function of a few numbers without its slope. Rule kept: a fixed count of looks, so that a series takes
 * as long as any other; what it returns is never worse than where it began.
 *
 * Nelder & Mead 1965, with the usual coefficients (reflect 1, expand 2, contract ½, shrink ½).
 */
export type Least = { readonly at: Float64Array; readonly value: number };

export function nelderMead(f: (x: Float64Array) => number, start: Float64Array, step: number, looks: number): Least {
  const n = start.length;
  type Corner = { x: Float64Array; value: number };
  const look = (x: Float64Array): Corner => {
    const value = f(x);
    return { x, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const corners: Corner[] = [look(start.slice())];
  for (let j = 0; j < n; j += 1) {
    const x = start.slice();
    x[j] = (x[j] ?? 0) + step;
    corners.push(look(x));
  }
  let used = n + 1;
  const byValue = (a: Corner, b: Corner): number => a.value - b.value;
  corners.sort(byValue);
  while (used < looks && n > 0) {
    const worst = corners[n] as Corner;
    const best = corners[0] as Corner;
    if (Math.abs(worst.value - best.value) <= 1e-9 * (Math.abs(best.value) + 1e-12)) break;
    const middle = new Float64Array(n);
    for (let k = 0; k < n; k += 1)
      for (let j = 0; j < n; j += 1) middle[j] = (middle[j] ?? 0) + (corners[k]?.x[j] ?? 0) / n;
    const along = (by: number): Corner => look(middle.map((value, j) => value + by * (value - (worst.x[j] ?? 0))));
    const reflected = along(1);
    used += 1;
    let taken: Corner | null = null;
    if (reflected.value < best.value) {
      const expanded = along(2);
      used += 1;
      taken = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < (corners[n - 1]?.value ?? 0)) taken = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
      used += 1;
      if (contracted.value < Math.min(worst.value, reflected.value)) taken = contracted;
    }
    if (taken !== null) corners[n] = taken;
    else {
      for (let k = 1; k <= n; k += 1)
        corners[k] = look((corners[k]?.x ?? start).map((value, j) => ((best.x[j] ?? 0) + value) / 2));
      used += n;
    }
    corners.sort(byValue);
  }
  const best = corners[0] as Corner;
  return { at: best.x, value: best.value };
}
