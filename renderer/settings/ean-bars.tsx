/**
 * A barcode on the screen to try a scanner on: EAN-13 as one SVG path on white, in both schemes. Rule kept: black
 * bars of whole units with their quiet zones, or a scanner can't read them. Source: GS1 General Specifications,
 * EAN-13 symbol: first digit chooses the left half's sets, seven modules a digit.
 */
import { useMemo } from 'react';

/** Modules of the digits in set A (0 space, 1 bar); set C is its inverse, set B is C read backwards. */
const setA = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
] as const;
/** Set of each digit of the left half (0: A, 1: B), by the code's first digit. */
const leftSets = ['000000', '001011', '001101', '001110', '010011', '011001', '011100', '010101', '010110', '011010'];

const inverse = (modules: string): string => [...modules].map((m) => (m === '0' ? '1' : '0')).join('');
const backwards = (modules: string): string => [...modules].reverse().join('');

export function eanModules(code: string): string {
  const digits = [...code].map(Number);
  const sets = leftSets[digits[0] ?? 0] ?? '000000';
  const half = (from: number, draw: (modules: string, i: number) => string): string =>
    digits
      .slice(from, from + 6)
      .map((digit, i) => draw(setA[digit] ?? setA[0], i))
      .join('');
  const left = half(1, (modules, i) => (sets[i] === '1' ? backwards(inverse(modules)) : modules));
  return `101${left}01010${half(7, inverse)}101`;
}

const quiet = 11;
const height = 60;

export function EanBars({ code, label }: { readonly code: string; readonly label: string }) {
  const { path, width } = useMemo(() => {
    const modules = eanModules(code);
    const bars = [...modules].flatMap((m, i) => (m === '1' ? [`M${i + quiet} 4h1v${height}h-1z`] : []));
    return { path: bars.join(''), width: modules.length + 2 * quiet };
  }, [code]);
  return (
    <svg
      className="bm-ean"
      viewBox={`0 0 ${width} ${height + 20}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
      data-testid="ean"
    >
      <rect width={width} height={height + 20} fill="#fff" />
      <path d={path} fill="#000" />
      <text x={width / 2} y={height + 16} textAnchor="middle" fontSize="11" fill="#000">
        {code}
      </text>
    </svg>
  );
}
