/**
 * The licences of what ships: every production package of package-lock.json that is installed, by what its own
 * package.json says. Rule kept: a licence that is not on the list, or none, fails; of a choice ("A OR B") one
 * permitted is enough, of a sum ("A AND B") all must be. It looks at no developer's tool, for none ships.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const permitted: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'MIT/X11',
  'X11',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'MPL-2.0',
  'OFL-1.1',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'Python-2.0',
  'Zlib',
]);

/** From this version on a package's licence no longer fits what its package.json says, or its terms changed. */
const licenceEndsAt: Readonly<Record<string, number>> = { apexcharts: 5 };

type LockEntry = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
};
type Manifest = { readonly license?: unknown; readonly licenses?: readonly { readonly type?: string }[] };
export type Refusal = { readonly name: string; readonly version: string; readonly says: string };

/** "(MIT OR GPL-3.0-or-later)" → true; "MIT AND GPL-2.0" → false. OR binds looser than AND (SPDX 2.3 annex D). */
export function isPermitted(expression: string): boolean {
  const bare = expression.trim();
  const inner = /^\(([^()]*)\)$/.exec(bare)?.[1] ?? bare;
  if (inner.includes('(')) {
    // Innermost brackets first; what they say becomes one permitted or one refused word.
    return isPermitted(inner.replace(/\(([^()]*)\)/, (_, part: string) => (isPermitted(part) ? 'MIT' : 'REFUSED')));
  }
  return inner
    .split(/\s+OR\s+/i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((one) => permitted.has(one.trim())));
}

/** What a package.json says of its licence, in either of its two forms; null when it says nothing. */
export function licenceOf(manifest: Manifest): string | null {
  const one = manifest.license;
  if (typeof one === 'string' && one !== '') return one;
  if (typeof one === 'object' && one !== null && 'type' in one && typeof one.type === 'string') return one.type;
  const several = (manifest.licenses ?? []).flatMap((entry) => (entry.type === undefined ? [] : [entry.type]));
  return several.length > 0 ? several.join(' OR ') : null;
}

export function refusalOf(name: string, version: string, manifest: Manifest): Refusal | null {
  const licence = licenceOf(manifest);
  if (licence === null) return { name, version, says: 'names no licence' };
  if (!isPermitted(licence)) return { name, version, says: licence };
  const end = licenceEndsAt[name];
  if (end !== undefined && Number(version.split('.')[0]) >= end) {
    return { name, version, says: `its licence changed in ${end}.0: stay below` };
  }
  return null;
}

/** Reads a checkout's production packages. What is not installed belongs to another platform. */
export function readShipped(root: string): readonly { name: string; version: string; manifest: Manifest }[] {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (path === '' || entry.dev === true || entry.devOptional === true || entry.link === true) return [];
    const file = join(root, ...path.split('/'), 'package.json');
    if (!existsSync(file)) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [{ name, version: entry.version ?? '', manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest }];
  });
}

function main(): void {
  const { values } = parseArgs({ options: { list: { type: 'boolean', default: false } } });
  const shipped = readShipped(resolve(import.meta.dirname, '..'));
  if (shipped.length === 0) throw new Error('no production package is installed: run npm ci first');
  const refused = shipped.flatMap(({ name, version, manifest }) => refusalOf(name, version, manifest) ?? []);
  if (values.list) {
    for (const { name, version, manifest } of shipped)
      console.log(`${name}\t${version}\t${licenceOf(manifest) ?? '–'}`);
  }
  for (const { name, version, says } of refused) console.error(`${name} ${version}: ${says}`);
  console.error(`${shipped.length} packages that ship, ${refused.length} with a licence that may not`);
  process.exitCode = refused.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
