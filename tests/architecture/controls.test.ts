/** Each rule is shown to bite: a made-up bad file is caught, and its good twin is let through. */
import { describe, expect, it } from 'vitest';
import { checkBytes, checkClock, checkMoneyOnScreen, checkPurity, checkSql } from './content-rules.ts';
import { checkBudget, checkElectronBudget, checkHeader, checkName, checkShapes } from './form-rules.ts';
import { checkCircles, checkRendererCore, checkTable, checkUseCases } from './import-rules.ts';
import { parseSource, type Source, type Violation } from './source.ts';

type Check = (source: Source) => Violation[];
type Control = readonly [path: string, text: string];

const bites = (check: Check, bad: readonly Control[], good: readonly Control[]): void => {
  it.each(bad.map(([path, text]) => ({ path, text })))('catches $path: $text', ({ path, text }) => {
    expect(check(parseSource(path, text))).not.toEqual([]);
  });
  it.each(good.map(([path, text]) => ({ path, text })))('lets through $path: $text', ({ path, text }) => {
    expect(check(parseSource(path, text))).toEqual([]);
  });
};

describe('import table', () => {
  bites(
    checkTable,
    [
      ['core/x.ts', "import { readFileSync } from 'node:fs';"],
      ['core/x.ts', "import { z } from 'zod';"],
      ['core/x.ts', "import type { Db } from '#db/open.ts';"],
      ['core/x.ts', "const load = () => import('../db/open.ts');"],
      ['core/x.ts', "type T = import('#db/open.ts').Db;"],
      ['core/x.ts', "export { x } from '#till/x.ts';"],
      ['core/x.ts', "import '#tests/data.ts';"],
      ['core/x.test.ts', "import { openDb } from '#db/open.ts';"],
      ['contract/till.ts', "import { createServer } from 'node:http';"],
      ['contract/till.ts', "import { os } from '@orpc/server';"],
      ['db/x.ts', "import { till } from '#contract/till.ts';"],
      ['db/x.ts', "import { print } from '#hardware/print.ts';"],
      ['db/x.ts', "import { connect } from 'node:net';"],
      ['hardware/x.ts', "import { open } from '#db/open.ts';"],
      ['hardware/x.ts', "import { request } from 'node:https';"],
      ['ml/x.ts', "import { open } from '#db/open.ts';"],
      ['till/x.ts', "import { App } from '#renderer/app.tsx';"],
      ['till/x.ts', "import { app } from 'electron';"],
      ['till/x.ts', "import Database from 'better-sqlite3';"],
      ['till/x.ts', "import { seed } from '#tools/seed.ts';"],
      ['renderer/x.tsx', "import { join } from 'node:path';"],
      ['renderer/x.tsx', "import { ipcRenderer } from 'electron';"],
      ['renderer/x.tsx', "import { assemble } from '#till/assemble.ts';"],
      ['electron/main.ts', "import { paise } from '#core/money.ts';"],
      ['electron/main.ts', "import { startTill } from '#till/node.ts';"],
      ['electron/main.ts', "import { z } from 'zod';"],
      ['sync-server/x.ts', "import { open } from '#db/open.ts';"],
    ],
    [
      ['core/x.ts', "import { paise } from './money.ts';"],
      ['core/gst/x.ts', "import { paise } from '#core/money.ts';"],
      [
        'core/x.test.ts',
        "import { expect } from 'vitest'; import { dataPath } from '#tests/data.ts'; import 'node:fs';",
      ],
      ['contract/till.ts', "import { z } from 'zod'; import type { Paise } from '#core/money.ts';"],
      ['db/x.ts', "import Database from 'better-sqlite3'; import { join } from 'node:path';"],
      ['hardware/x.ts', "import { connect } from 'node:net';"],
      ['till/x.ts', "import { open } from '#db/open.ts'; import { createServer } from 'node:http';"],
      ['electron/till-process.ts', "import { assemble } from '#till/assemble.ts'; import { app } from 'electron';"],
      ['tools/x.ts', "import { startTill } from '#till/node.ts';"],
    ],
  );
});

describe('circles', () => {
  const project = (...files: readonly Control[]) => files.map(([path, text]) => parseSource(path, text));
  it('catches two files that know each other, though one by type only', () => {
    const two = project(
      ['core/a.ts', "import type { B } from './b.ts';"],
      ['core/b.ts', "import { a } from '#core/a.ts';"],
    );
    expect(checkCircles(two)).toHaveLength(1);
  });
  it('catches a circle of three through a re-export and a dynamic import', () => {
    const three = project(
      ['till/a.ts', "export { b } from './b.ts';"],
      ['till/b.ts', "const c = import('./c.ts');"],
      ['till/c.ts', "import './a.ts';"],
    );
    expect(checkCircles(three)).toHaveLength(1);
  });
  it('lets a diamond through', () => {
    const diamond = project(
      ['core/a.ts', "import './b.ts'; import './c.ts';"],
      ['core/b.ts', "import './d.ts';"],
      ['core/c.ts', "import './d.ts';"],
      ['core/d.ts', ''],
    );
    expect(checkCircles(diamond)).toEqual([]);
  });
});

describe('renderer and core', () => {
  bites(
    checkRendererCore,
    [
      ['renderer/x.tsx', "import { addPaise } from '#core/money.ts';"],
      ['renderer/x.tsx', "import * as money from '#core/money.ts';"],
      ['renderer/x.tsx', "import { taxOf } from '#core/gst/tax.ts';"],
    ],
    [
      ['renderer/x.tsx', "import { formatPaise, type Paise } from '#core/money.ts';"],
      ['renderer/x.tsx', "import type { Tax } from '#core/gst/tax.ts';"],
      ['renderer/x.tsx', "import { type Tax } from '#core/gst/tax.ts';"],
    ],
  );
});

describe('use cases', () => {
  bites(
    checkUseCases,
    [['till/use-cases/sell.ts', "import { x } from './refund.ts';"]],
    [['till/use-cases/sell.ts', "import { x } from '../cart-state.ts';"]],
  );
});

describe('names', () => {
  bites(
    checkName,
    [
      ['core/utils.ts', ''],
      ['till/helpers/x.ts', ''],
      ['till/cart-manager.ts', ''],
      ['core/common.test.ts', ''],
      ['core/misc.ts', ''],
      ['core/index.ts', ''],
      ['renderer/CartLine.tsx', ''],
      ['core/cart_line.ts', ''],
    ],
    [
      ['core/money.ts', ''],
      ['vitest.config.ts', ''],
      ['core/gs1-elements.test.ts', ''],
    ],
  );
});

describe('budget', () => {
  const lines = (n: number): string => 'const x = 1;\n'.repeat(n);
  it('catches a line too many', () => {
    expect(checkBudget(parseSource('core/x.ts', lines(401)))).toHaveLength(1);
    expect(checkBudget(parseSource('core/x.ts', lines(400)))).toEqual([]);
    expect(checkBudget(parseSource('core/x.test.ts', lines(601)))).toHaveLength(1);
    expect(checkBudget(parseSource('core/x.test.ts', lines(600)))).toEqual([]);
  });
  it('catches a shell that grows, tests not counted', () => {
    const shell = (n: number) => [
      parseSource('electron/main.ts', lines(n)),
      parseSource('electron/window.ts', lines(100)),
      parseSource('electron/main.test.ts', lines(500)),
    ];
    expect(checkElectronBudget(shell(200))).toHaveLength(1);
    expect(checkElectronBudget(shell(199))).toEqual([]);
  });
});

describe('header', () => {
  bites(
    checkHeader,
    [['core/x.ts', "import './y.ts';\n/** late */"]],
    [
      ['core/x.ts', '/** What this is for. */\nconst x = 1;'],
      ['tools/x.mjs', '#!/usr/bin/env node\n// What this is for.'],
      ['core/x.test.ts', "import 'vitest';"],
    ],
  );
});

describe('shapes', () => {
  bites(
    checkShapes,
    [
      ['core/x.ts', 'export enum Colour { Red }'],
      ['core/x.ts', 'namespace Tax { export const x = 1; }'],
      ['core/x.ts', '@sealed class X {}'],
      ['core/x.ts', 'const x = y as any;'],
      ['core/x.ts', 'function f(x: readonly any[]) { return x; }'],
      ['core/x.ts', 'export default function f() { return 1; }'],
      ['core/x.ts', 'export default 1;'],
      ['core/x.ts', 'const x = 1; export { x as default };'],
      ['core/x.ts', 'try { f(); } catch {}'],
      ['core/x.ts', 'try { f(); } catch (e) { /* never mind */ }'],
      ['core/x.ts', 'f().catch(() => {});'],
      ['core/x.ts', "export * from './y.ts'; export { z } from './z.ts';"],
    ],
    [
      ['core/x.ts', "const any = 'any'; try { f(any); } catch (e) { log(e); }"],
      ['vite.config.ts', 'export default {};'],
      ['core/x.ts', "export { z } from './z.ts'; export const y = 1;"],
    ],
  );
});

describe('clock and chance', () => {
  bites(
    checkClock,
    [
      ['core/x.ts', 'const now = Date.now();'],
      ['core/x.ts', 'const now = new Date();'],
      ['ml/x.ts', 'const r = Math.random();'],
      ['db/x.ts', 'const f = globalThis.Date.now;'],
      ['till/use-cases/x.ts', 'const id = crypto.randomUUID();'],
    ],
    [
      ['core/x.ts', 'const d = new Date(ms).toISOString(); const now = clock.now();'],
      ['core/x.test.ts', 'const now = Date.now();'],
      ['till/node.ts', 'const clock = { now: () => Date.now() };'],
    ],
  );
});

describe('purity', () => {
  bites(
    checkPurity,
    [
      ['core/x.ts', 'const w = window.innerWidth;'],
      ['core/x.ts', "fetch('https://example.in');"],
      ['core/x.ts', "const home = process.env['HOME'];"],
      ['core/x.ts', 'setTimeout(f, 1);'],
      ['core/x.ts', "console.log('x');"],
      ['core/x.ts', "const g = globalThis['fetch'];"],
    ],
    [
      ['core/x.ts', 'const f = (document: Doc) => document.lines;'],
      ['core/x.ts', 'type Host = { readonly window: number }; const x = shop.window;'],
      ['core/x.ts', 'const x = { process: 1 };'],
      ['till/x.ts', 'process.exit(1);'],
    ],
  );
});

describe('SQL', () => {
  bites(
    checkSql,
    [
      ['till/x.ts', "db.prepare('SELECT id FROM bill WHERE id = ?');"],
      ['till/x.ts', 'db.exec(`INSERT INTO bill VALUES (${id})`);'],
      ['tools/x.ts', "db.exec('PRAGMA synchronous');"],
      ['till/x.ts', "const q = 'select id from bill';"],
      ['renderer/x.tsx', 'const q = `DELETE FROM bill`;'],
    ],
    [
      ['db/x.ts', "db.prepare('SELECT id FROM bill');"],
      ['renderer/x.tsx', "const t = 'Select an item from the list';"],
      ['till/x.ts', "const t = 'Update the rate and set it again';"],
    ],
  );
});

describe('bytes', () => {
  bites(
    checkBytes,
    [
      ['core/x.ts', 'const init = [0x1b, 0x40];'],
      ['till/x.ts', "const cut = '\\x1dV\\x00';"],
      ['till/x.ts', "const bold = '\\x1bE1';"],
      ['till/x.ts', 'send(Uint8Array.of(0x1d, 0x56));'],
    ],
    [
      ['hardware/printer/x.ts', 'const init = [0x1b, 0x40];'],
      ['core/catalogue/gs1.ts', "const separator = '\\x1d';"],
    ],
  );
});

describe('money on a screen', () => {
  bites(
    checkMoneyOnScreen,
    [
      ['renderer/x.tsx', 'const due = cart.payable - tendered;'],
      ['renderer/x.tsx', 'const rupees = totalPaise / 100;'],
      ['renderer/x.tsx', 'let sum = 0; for (const l of lines) sum += l.amountPaise;'],
      ['renderer/x.tsx', 'const back = -(changePaise as number);'],
      ['renderer/x.tsx', 'const x = (line.mrp - line.sellingPrice) * 2;'],
    ],
    [
      ['renderer/x.tsx', 'const next = row + 1; const text = formatPaise(cart.payable);'],
      ['renderer/x.tsx', 'const short = cart.payable > tenderedPaise;'],
      ['core/x.ts', 'const due = payablePaise - tenderedPaise;'],
    ],
  );
});
