/**
 * Sends a file through the till's own import: read, check with the guessed columns, accept. Rule kept: it
 * decides nothing that a person at the screen couldn't; refused rows are reported, never mended here. Talks to
 * any client of the contract and touches no disk.
 */
import type { ContractRouterClient } from '@orpc/contract';
import type { ImportDone } from '#contract/import-views.ts';
import type { tillContract } from '#contract/till.ts';
import type { ImportDefaults } from '#core/catalogue/import-types.ts';
import type { Uuid } from '#core/ids.ts';

export type ImportClient = ContractRouterClient<(typeof tillContract)['import']>;
export type ImportRun = {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Field → column, over the guess; '' takes a guessed column away. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly defaults: ImportDefaults;
};
export type ImportOutcome = { readonly done: ImportDone; readonly refusedFile: Uint8Array | null };

/** Runs the import; `say` hears its steps. Refusals of the till are thrown as the client throws them. */
export async function runImport(
  client: ImportClient,
  run: ImportRun,
  say: (text: string) => void,
): Promise<ImportOutcome> {
  const draft = await client.read({ fileName: run.fileName, base64: Buffer.from(run.bytes).toString('base64') });
  const mapping: Record<string, string> = { ...draft.guess, ...run.mapping };
  say(`${draft.rows} rows; ${describe(mapping)}`);
  const stop = new AbortController();
  const telling = tellProgress(client, draft.importId, say, stop.signal);
  try {
    const { defaults } = run;
    const report = await client.check({ importId: draft.importId, mapping, defaults: { ...defaults } });
    const { noHsn, noTaxClass, noBarcode } = report.flagged;
    say(`${report.addable} can be added, ${report.rows - report.addable} not`);
    say(`without HSN ${noHsn}, without tax class ${noTaxClass}, to get an in-store code ${noBarcode}`);
    const done = await client.accept({ importId: draft.importId });
    const refused = done.added === done.rows ? null : await client.refusedFile({ importId: draft.importId });
    return { done, refusedFile: refused === null ? null : Buffer.from(refused.base64, 'base64') };
  } finally {
    stop.abort();
    await telling;
  }
}

const describe = (mapping: Readonly<Record<string, string>>): string =>
  Object.entries(mapping)
    .filter(([, column]) => column !== '')
    .map(([field, column]) => `${field} ← ${column}`)
    .join(', ');

/** Says how far it is, once per tenth. Ends with the signal; a feed that breaks costs only the progress. */
async function tellProgress(
  client: ImportClient,
  importId: Uuid,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = '';
  try {
    for await (const { doing, done, total } of await client.feed({ importId }, { signal })) {
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
      const text = `${doing} ${tenth * 10} %`;
      if (text !== last && doing !== 'done' && doing !== 'cancelled') say(text);
      last = text;
      if (doing === 'done' || doing === 'cancelled') return;
    }
  } catch (cause) {
    if (!signal.aborted) say(`no progress to tell: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
