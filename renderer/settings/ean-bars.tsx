/**
 * A barcode on the screen to try a scanner on: EAN-13 as one SVG path on white, in both schemes. Rule kept: black
 * bars of whole units with their quiet zones, or a scanner can't read them. The modules
 * are core's, the same that labels are printed with.
 */
import { useMemo } from 'react';
import { ean13Modules } from '#core/label/linear-code.ts';

const quiet = 11;
const height = 60;

export function EanBars({ code, label }: { readonly code: string; readonly label: string }) {
  const { path, width } = useMemo(() => {
    const modules = ean13Modules(code) ?? '';
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
