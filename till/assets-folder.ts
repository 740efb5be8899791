/**
 * Where the program's own data files lie (rates, demo shop), whether it runs from sources, from one bundled
 * file or from a package. Rule kept: looked for upwards from this file, never from the current folder.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function assetsFolder(from: string = import.meta.dirname): string {
  let folder = from;
  for (;;) {
    const assets = join(folder, 'assets');
    if (existsSync(join(assets, 'gst', 'rates.csv'))) return assets;
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`the folder assets/ was not found above ${from}`);
    folder = parent;
  }
}
