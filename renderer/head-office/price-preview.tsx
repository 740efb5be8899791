/**
 * What publishing will do, before it is done: how many become dearer or cheaper and by how much at most, and how the goods will
 * stand on a receipt. Rule kept: the server has worked all of it out; the receipt's rows are those of the receipt's own layout.
 */
import type { PreviewReply, PrintedRow } from '#contract/publish.ts';
import { share } from './models-words.ts';
import { useOffice } from './office-words.ts';

export function PriceSums({ preview }: { readonly preview: PreviewReply }) {
  const { say } = useOffice();
  const { up, down, same, mostUpBp, mostDownBp } = preview;
  const most = { up: share(mostUpBp), down: share(mostDownBp) };
  const not = preview.lines.filter((line) => line.fault !== null).length;
  return (
    <div className="ho-sums" data-testid="price-sums">
      <p>
        {say('sums', { up, down, same })}{' '}
        {mostUpBp > 0 && mostDownBp > 0
          ? say('sumsMost', most)
          : mostUpBp > 0
            ? say('sumsUp', most)
            : mostDownBp > 0
              ? say('sumsDown', most)
              : null}
      </p>
      {not === 0 ? null : <p className="ho-fault">{say('notSent', { count: not })}</p>}
    </div>
  );
}

const padded = ({ text, chars, align }: PrintedRow[number]): string =>
  align === 'right' ? text.padStart(chars) : text.padEnd(chars);
const rowText = (row: PrintedRow): string => row.map(padded).join('').trimEnd();

export function OnReceipt({ preview }: { readonly preview: PreviewReply }) {
  const { say, language } = useOffice();
  if (preview.printed.length === 0) return null;
  return (
    <div>
      <h3>{say('onReceipt')}</h3>
      <pre className="ho-paper" data-testid="on-receipt">
        {preview.printed
          .flatMap((line, at) => (at === 0 ? line[language] : line[language].slice(1)))
          .map(rowText)
          .join('\n')}
      </pre>
    </div>
  );
}
