/**
 * Rules over import lines: the table, the circles, what the renderer may take of core, use cases side by side.
 * Rule kept: each answers a list of violations and throws nothing; the law itself is in table.ts.
 */
import type { ImportLine, Source, Violation } from './source.ts';
import { folderOf } from './source.ts';
import { electronMayImport, importTable, ownedPackages, rendererCoreValues, useCaseHome } from './table.ts';

const at = (source: Source, line: ImportLine, rule: string, says: string): Violation => ({
  file: source.path,
  line: line.line,
  rule,
  says: `${says} (import '${line.specifier}')`,
});

/** Each import against the table. A test beside its file may also use tests/, node: and any package. */
export function checkTable(source: Source): Violation[] {
  const law = importTable[source.folder];
  const found: Violation[] = [];
  for (const line of source.imports) {
    if (line.kind === 'project') {
      const target = folderOf(line.target);
      const own = target === source.folder;
      const allowed = law.folders === 'any' || law.folders.includes(target);
      const asType = line.typeOnly && (law.typesOnly ?? []).includes(target);
      const asTest = source.isTest && target === 'tests';
      if (!own && !allowed && !asType && !asTest) {
        found.push(at(source, line, 'import table', `${source.folder} may not import ${target}`));
      }
      if (
        source.folder === 'electron' &&
        target === 'till' &&
        !electronMayImport.some((path) => path === line.target)
      ) {
        found.push(
          at(source, line, 'import table', `electron may import ${electronMayImport.join(', ')} of till only`),
        );
      }
    } else if (line.kind === 'node') {
      const name = line.target.slice('node:'.length);
      const allowed = law.node === 'any' || (law.node !== 'none' && !law.node.except.includes(name));
      if (!allowed && !source.isTest)
        found.push(at(source, line, 'import table', `${source.folder} may not use ${line.target}`));
    } else {
      const allowed = law.packages === 'any' || law.packages.includes(line.target);
      if (!allowed && !source.isTest) {
        found.push(at(source, line, 'import table', `${source.folder} may not use the package ${line.target}`));
      }
      const owners = ownedPackages[line.target];
      const free = source.folder === 'tools' || source.folder === 'tests';
      if (owners !== undefined && !free && !owners.includes(source.folder)) {
        found.push(at(source, line, 'import table', `${line.target} belongs to ${owners.join(', ')}`));
      }
    }
  }
  return found;
}

/** The renderer takes types of core freely, values only for formatting, and nothing that reckons money. */
export function checkRendererCore(source: Source): Violation[] {
  if (source.folder !== 'renderer' || source.isTest) return [];
  const found: Violation[] = [];
  for (const line of source.imports) {
    if (line.kind !== 'project' || folderOf(line.target) !== 'core' || line.typeOnly) continue;
    if (!rendererCoreValues.files.some((file) => file === line.target)) {
      found.push(at(source, line, 'renderer takes formatting only', `${line.target} is not a formatting file`));
    }
    const banned = line.names.filter((name) => name === '*' || rendererCoreValues.banned.some((b) => b === name));
    if (banned.length > 0) found.push(at(source, line, 'renderer takes formatting only', `takes ${banned.join(', ')}`));
  }
  return found;
}

export function checkUseCases(source: Source): Violation[] {
  if (!source.path.startsWith(useCaseHome) || source.isTest) return [];
  return source.imports
    .filter((line) => line.kind === 'project' && line.target.startsWith(useCaseHome))
    .map((line) => at(source, line, 'use cases stand alone', 'what two use cases share moves down'));
}

/** Circles of files, type imports counted (Tarjan's strongly connected components). */
export function checkCircles(project: readonly Source[]): Violation[] {
  const edges = new Map(
    project.map((source) => [
      source.path,
      source.imports.filter((line) => line.kind === 'project').map((line) => line.target),
    ]),
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: Violation[] = [];
  const visit = (path: string): void => {
    const own = index.size;
    index.set(path, own);
    low.set(path, own);
    stack.push(path);
    for (const target of edges.get(path) ?? []) {
      if (!edges.has(target)) continue;
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(path, Math.min(low.get(path) ?? own, low.get(target) ?? own));
    }
    if (low.get(path) !== own) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1 || (edges.get(path) ?? []).includes(path)) {
      found.push({ file: path, line: 1, rule: 'no circles', says: `circle: ${circle.toSorted().join(', ')}` });
    }
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return found;
}
