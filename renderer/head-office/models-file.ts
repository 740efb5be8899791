/** What every till says of one release, as a file for a spreadsheet. Rule kept: as the server told it (office-file.ts). */
import type { ReleaseVerdict, ReleaseView } from '#contract/releases.ts';
import { iso, saveTable } from './office-file.ts';

const head = ['version', 'region', 'store', 'till', 'said', 'why', 'heard', 'wql', 'wql_before', 'coverage'];

export const saveVerdictsFile = (release: ReleaseView, verdicts: readonly ReleaseVerdict[], nowMs: number): void =>
  saveTable(
    'model-verdicts',
    head,
    verdicts.map((one) => [
      release.version,
      one.region,
      one.storeName,
      one.tillName,
      one.what,
      one.why,
      iso(one.atMs),
      one.wql,
      one.wqlBefore,
      one.coverage,
    ]),
    nowMs,
  );
