/** What a screen reader hears: last item, total and refusals politely; an unknown code at once. Rule kept: the
 * same words as on the screen. */
import { formatPaise, formatRupees } from '#core/money.ts';
import { nameIn } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { useCart } from './cart-store.ts';
import { useUi } from './ui-store.ts';

export function Announcer() {
  const { say, language } = useWords();
  const { polite, loud } = useCart((cart) => {
    const notice = cart.header?.notice ?? null;
    if (notice === null || cart.header === null) return { polite: '', loud: '' };
    if (notice.kind === 'unknown') return { polite: '', loud: say('unknownCode', { code: notice.code.slice(0, 48) }) };
    if (notice.kind === 'committed') return { polite: say('saved', { number: notice.number }), loud: '' };
    if (notice.kind !== 'added' && notice.kind !== 'changed') return { polite: '', loud: '' };
    const line = cart.lines.get(notice.lineId);
    if (line?.kind !== 'item') return { polite: '', loud: '' };
    const total = `${say('toPay')} ${formatRupees(cart.header.totals.payablePaise)}`;
    return { polite: `${nameIn(line, language)}, ${formatPaise(line.amountPaise)}. ${total}`, loud: '' };
  });
  const told = useUi((ui) => ui.notice?.said() ?? '');
  const lineError = useUi((ui) => ui.lineError?.said() ?? '');
  return (
    <div className="bm-hidden">
      <p role="status" aria-live="polite" data-testid="live">
        {polite} {told} {lineError}
      </p>
      <p role="alert" aria-live="assertive" data-testid="live-alert">
        {loud}
      </p>
    </div>
  );
}
