/**
 * What a package may and may not contain, as functions over its list of files. Rule kept: they judge names only,
 * so that a control can hand them a bad list.
 */
type Machine = { readonly platform: string; readonly arch: string };

/** Files that have no business on a shop's PC, each with the reason. */
export function findUnwanted(files: readonly string[]): readonly string[] {
  const reasons: readonly (readonly [reason: string, pattern: RegExp])[] = [
    ['a test', /\.test\.|(^|\/)(__tests__|tests?)\//],
    ['the real data of tests and benches', /^shared\/|\.csv\.gz$|online_retail|bigbasket|(^|\/)vectors\//],
    ['a tool or a document of the project', /^(tools|docs|infra|\.ci)\//],
    ['a source that is bundled', /^(core|contract|till|renderer|electron|hardware|db)\/.*\.tsx?$/],
    ['Node itself', /^node_modules\/node-(linux|win|darwin)-/],
    ["a developer's tool", /^node_modules\/(typescript|vite|vitest|electron|electron-builder|knip|oxlint)\//],
    ['C sources', /^node_modules\/better-sqlite3\/(deps|src)\//],
    ['a shop', /\.(db|sqlite|db-wal)$|till\.json$/],
  ];
  return files.flatMap((file) => {
    const reason = reasons.find(([, pattern]) => pattern.test(file))?.[0];
    return reason === undefined ? [] : [`${file}: ${reason}`];
  });
}

/** Native files that are not this machine's, by the names that their packages give them. */
export function findForeign(files: readonly string[], { platform, arch }: Machine): readonly string[] {
  const native = files.filter((file) => /\.(node|dll|dylib|so(\.\d+)*)$/.test(file));
  // In a name (`linux-x64.node`) or as folders (`linux/x64/`).
  const isOurs = (file: string): boolean =>
    file.includes(`${platform}-${arch}`) || file.includes(`/${platform}/${arch}/`);
  return native.filter((file) => !isOurs(file) || /musl/.test(file));
}
