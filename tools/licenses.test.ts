/** The licence check bites: GPL, no licence, a sum with one bad part, and the chart library's paid version. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { isPermitted, licenceOf, readShipped, refusalOf } from './licenses.ts';

it.each(['MIT', '(MIT OR GPL-3.0-or-later)', 'MIT AND Zlib', 'OFL-1.1', '(MIT OR (GPL-2.0 AND MIT))', 'BSD-3-Clause'])(
  'permits %s',
  (licence) => {
    expect(isPermitted(licence)).toBe(true);
  },
);

it.each([
  'GPL-3.0-only',
  'MIT AND GPL-2.0',
  '(GPL-2.0 OR AGPL-3.0)',
  'SEE LICENSE IN X',
  'UNLICENSED',
  '',
  '(GPL-2.0 AND (MIT OR ISC))',
])('refuses %j', (licence) => {
  expect(isPermitted(licence)).toBe(false);
});

it('reads both old forms of a package.json', () => {
  expect(licenceOf({ license: { type: 'ISC' } })).toBe('ISC');
  expect(licenceOf({ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] })).toBe('MIT OR GPL-2.0');
  expect(licenceOf({})).toBeNull();
});

it('refuses a package without a licence and the chart library from 5.0 on', () => {
  expect(refusalOf('x', '1.0.0', {})).not.toBeNull();
  expect(refusalOf('apexcharts', '4.7.0', { license: 'MIT' })).toBeNull();
  expect(refusalOf('apexcharts', '5.0.0', { license: 'MIT' })).not.toBeNull();
});

it('looks at what ships and is installed, not at tools', () => {
  const root = mkdtempSync(join(tmpdir(), 'billmitra-licences-'));
  const write = (path: string, value: unknown): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(value));
  };
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/@s/b': { version: '2.0.0' },
    'node_modules/tool': { version: '1.0.0', dev: true },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
  };
  write('package-lock.json', { packages });
  write('node_modules/a/package.json', { license: 'MIT' });
  write('node_modules/a/node_modules/@s/b/package.json', { license: 'GPL-3.0' });
  write('node_modules/tool/package.json', { license: 'GPL-3.0' });
  expect(readShipped(root).map((p) => p.name)).toEqual(['a', '@s/b']);
  rmSync(root, { recursive: true });
});
