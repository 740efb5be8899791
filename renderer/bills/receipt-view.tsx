/**
 * A receipt on the screen, from the very blocks that print. Rule kept: what is drawn is what comes out of the
 * printer; where the till sends the picture, the picture is shown, else the rows in a fixed-width face.
 */
import type { ReceiptPreview } from '#contract/views.ts';
import type { ReceiptBlock } from '#core/billing/receipt-layout.ts';
import { QrCode } from '../parts/qr-code.tsx';

function Block({ block }: { readonly block: ReceiptBlock }) {
  switch (block.kind) {
    case 'row':
      return (
        <div className="bm-receipt-row">
          {block.cells.map((cell, i) => (
            <span
              key={`${i}-${cell.text}`}
              className={cell.style.bold ? 'bm-receipt-bold' : undefined}
              style={{ width: `${cell.chars}ch`, textAlign: cell.align }}
            >
              {cell.text}
            </span>
          ))}
        </div>
      );
    case 'rule':
      return <hr className={block.double ? 'bm-receipt-double' : 'bm-receipt-rule'} />;
    case 'feed':
      return <div style={{ height: `${block.rows}em` }} />;
    case 'qr':
      return (
        <div className="bm-receipt-qr">
          <QrCode text={block.data} label={block.caption ?? ''} size={120} />
          {block.caption}
        </div>
      );
    case 'barcode':
      return <div className="bm-receipt-qr">{block.code}</div>;
    case 'picture':
    case 'cut':
      return null;
  }
}

export function ReceiptView({ receipt, label }: { readonly receipt: ReceiptPreview; readonly label: string }) {
  const { layout, pngBase64 } = receipt;
  if (pngBase64 !== null) {
    return (
      <div className="bm-receipt" data-testid="receipt">
        <img src={`data:image/png;base64,${pngBase64}`} alt={label} width={receipt.widthDots} />
        <div className="bm-hidden">
          {layout.blocks.map((block, i) =>
            block.kind === 'row' ? <p key={`${i}-row`}>{block.cells.map((cell) => cell.text).join(' ')}</p> : null,
          )}
        </div>
      </div>
    );
  }
  return (
    <div className="bm-receipt bm-receipt-text" data-testid="receipt" role="img" aria-label={label}>
      {layout.blocks.map((block, i) => (
        <Block key={`${i}-${block.kind}`} block={block} />
      ))}
    </div>
  );
}
