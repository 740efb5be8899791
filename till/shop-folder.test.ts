/** Each platform's place for the shop's folder, whatever this machine is. */
import { expect, it } from 'vitest';
import { defaultShopDir } from './shop-folder.ts';

it.each([
  ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\asha', 'D:\\Local\\BillMitra'],
  ['win32', {}, 'C:\\Users\\asha', 'C:\\Users\\asha\\AppData\\Local\\BillMitra'],
  ['darwin', { XDG_DATA_HOME: '/x' }, '/Users/asha', '/Users/asha/Library/Application Support/BillMitra'],
  ['linux', {}, '/people/asha', '/people/asha/.local/share/billmitra'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/people/asha', '/data/billmitra'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/people/asha', '/people/asha/.local/share/billmitra'],
] as const)('%s %j → %s', (platform, env, home, expected) => {
  expect(defaultShopDir({ platform, env, home })).toBe(expected);
});
