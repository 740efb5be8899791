/** A QR code as one SVG path. Rule kept: the text is drawn as given; a quiet zone of four modules is always
 * there and the ground stays white in the dark scheme, or phones can't read it. */
import qrcode from 'qrcode';
import { useMemo } from 'react';

export function QrCode({
  text,
  label,
  size,
}: {
  readonly text: string;
  readonly label: string;
  readonly size: number;
}) {
  const { path, side } = useMemo(() => {
    const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
    const parts: string[] = [];
    for (let y = 0; y < modules.size; y += 1) {
      for (let x = 0; x < modules.size; x += 1) if (modules.get(x, y) !== 0) parts.push(`M${x + 4} ${y + 4}h1v1h-1z`);
    }
    return { path: parts.join(''), side: modules.size + 8 };
  }, [text]);
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
      data-testid="qr"
      data-text={text}
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
