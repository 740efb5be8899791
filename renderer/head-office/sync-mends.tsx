/**
 * What head office put right by itself of what tills are sent, below its nightly work. Rule kept: said in words with the
 * store, the time and the number under which the log has it; there is nothing to press; nothing mended, nothing shown.
 */
import { type MendView, mendsApi } from '#contract/mends.ts';
import { useAsked } from './office-data.ts';
import { type OfficeSay, useOffice } from './office-words.ts';
import { shapeText } from './shape-words.ts';
import { whenText } from './times.ts';

function sentence({ outcome, rows, shape }: MendView, say: OfficeSay): string {
  const what = shapeText(shape, say);
  if (rows === null) return say('mendUnread', { what });
  return say(outcome === 'appended' ? 'mendAppended' : 'mendAnew', { what, count: rows });
}

/** The tills stand above it and keep their room; the log of the server has all. */
const shownRows = 2;

export function SyncMends({ nowMs }: { readonly nowMs: number }) {
  const { say, language } = useOffice();
  const { value } = useAsked(mendsApi.mends, 60_000);
  if (value === null || value.length === 0) return null;
  return (
    <div className="ho-card ho-jobs">
      <table className="ho-table" data-testid="mends">
        <caption>{say('mendTitle')}</caption>
        <tbody>
          {value.slice(0, shownRows).map((one) => (
            <tr key={one.incident}>
              <th scope="row">{one.storeName ?? say('mendAll')}</th>
              <td className="ho-quiet">{whenText(one.atMs, nowMs, say, language)}</td>
              <td className="ho-sentence">
                {sentence(one, say)} <span className="ho-quiet">{say('mendIncident', { incident: one.incident })}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
