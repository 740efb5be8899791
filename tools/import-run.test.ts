import { describe, expect, it } from 'vitest';
import type { ImportDefaults } from '#core/catalogue/import-types.ts';
import { type ImportClient, runImport } from './import-run.ts';

const defaults: ImportDefaults = { unit: 'pc', isInclusive: true, taxClassKey: null, taxClassByCategory: {} };

/** A till that answers the import's methods from a script and writes down what it was asked. */
function scripted(added: number, feedFails: boolean) {
  const asked: string[] = [];
  let checked: unknown = null;
  const client = {
    read: async (input: { base64: string }) => {
      asked.push(`read ${Buffer.from(input.base64, 'base64').toString()}`);
      return {
        importId: 'i',
        rows: 2,
        columns: ['Item', 'Rate', 'Cost'],
        guess: { name: 'Item', costPrice: 'Cost' },
        sample: [],
      };
    },
    check: async (input: unknown) => {
      asked.push('check');
      checked = input;
      await new Promise(setImmediate);
      return { rows: 2, addable: added, flagged: { noHsn: 1, noTaxClass: 1, noBarcode: 1 } };
    },
    accept: async () => {
      asked.push('accept');
      return { rows: 2, added, refused: {}, seconds: 1 };
    },
    refusedFile: async () => {
      asked.push('refusedFile');
      return { fileName: 'x', base64: Buffer.from('refused').toString('base64') };
    },
    feed: async function* () {
      await Promise.resolve();
      if (feedFails) throw new Error('line cut');
      yield { doing: 'writing', done: 1, total: 2 };
    },
  };
  return { client: client as unknown as ImportClient, asked, checked: () => checked };
}

describe('the import command', () => {
  const run = {
    fileName: 'a.csv',
    bytes: Buffer.from('abc'),
    mapping: { sellingPrice: 'Rate', costPrice: '' },
    defaults,
  };

  it('reads, checks with the guess and what was said over it, accepts, and fetches the refused rows', async () => {
    const till = scripted(1, false);
    const said: string[] = [];
    const outcome = await runImport(till.client, run, (text) => said.push(text));
    expect(till.asked).toEqual(['read abc', 'check', 'accept', 'refusedFile']);
    expect(till.checked()).toMatchObject({ mapping: { name: 'Item', sellingPrice: 'Rate', costPrice: '' } });
    expect(outcome.done.added).toBe(1);
    expect(Buffer.from(outcome.refusedFile ?? []).toString()).toBe('refused');
    expect(said[0]).toBe('2 rows; name ← Item, sellingPrice ← Rate');
  });

  it('fetches no file where nothing was refused, and a broken feed costs only the progress', async () => {
    const till = scripted(2, true);
    const said: string[] = [];
    const outcome = await runImport(till.client, run, (text) => said.push(text));
    expect(outcome).toMatchObject({ done: { added: 2 }, refusedFile: null });
    expect(said).toContain('no progress to tell: line cut');
  });

  it('throws the till’s refusal on', async () => {
    const till = scripted(1, false);
    const client = { ...till.client, accept: () => Promise.reject(new Error('DOMAIN')) } as unknown as ImportClient;
    await expect(runImport(client, run, () => undefined)).rejects.toThrow('DOMAIN');
  });
});
