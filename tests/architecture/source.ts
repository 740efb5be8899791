/**
 * Reads the project's sources for the architecture rules, with TypeScript's own parser: every import of every
 * kind, and the tree. Rule kept: rules see text and trees only, so a control can hand them a made-up file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve, sep } from 'node:path';
import ts from 'typescript';
import type { Folder } from './table.ts';

export type ImportLine = {
  readonly specifier: string;
  /** Path in the project, 'node:x', or a package's name; null for a file that is no source (css, json, url). */
  readonly target: string;
  readonly kind: 'project' | 'node' | 'package';
  readonly typeOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
};

export type Source = {
  readonly path: string;
  readonly folder: Folder;
  readonly isTest: boolean;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly ImportLine[];
};

export type Violation = { readonly file: string; readonly line: number; readonly rule: string; readonly says: string };

const root = resolve(import.meta.dirname, '..', '..');
const skipped = new Set(['node_modules', 'dist', 'coverage', 'shop', '.git', '.out']);
const folders: readonly string[] = [
  'core',
  'contract',
  'db',
  'hardware',
  'ml',
  'till',
  'renderer',
  'sync-server',
  'electron',
  'assets',
  'tools',
  'tests',
] satisfies readonly Folder[];

export function folderOf(path: string): Folder {
  const first = path.split('/')[0] ?? '';
  return path.includes('/') && folders.includes(first) ? (first as Folder) : 'root';
}

/** Every .ts, .tsx and .mjs of the checkout, read once. */
export function readProject(): readonly Source[] {
  const found: string[] = [];
  const walk = (dir: string): void => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      if (skipped.has(entry.name) || entry.name.startsWith('.')) continue;
      const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|tsx|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts')) found.push(path);
    }
  };
  walk('');
  return found.sort().map((path) => parseSource(path, readFileSync(join(root, ...path.split('/')), 'utf8')));
}

export function parseSource(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  // A contract suite is one test body that several test files run.
  const isTest = /\.(test|contract)\.tsx?$/.test(path) || path.startsWith('tests/');
  return {
    path: path.split(sep).join('/'),
    folder: folderOf(path),
    isTest,
    text,
    tree,
    imports: readImports(path, tree),
  };
}

export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Calls `visit` for each node of the tree. */
export function eachNode(tree: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const go = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, go);
  };
  go(tree);
}

/** Static, type, side-effect, dynamic and `import('x').T` imports, and re-exports. */
function readImports(path: string, tree: ts.SourceFile): ImportLine[] {
  const found: ImportLine[] = [];
  const add = (node: ts.Node, text: ts.Expression, typeOnly: boolean, names: readonly string[]): void => {
    if (!ts.isStringLiteralLike(text)) return;
    found.push({ ...resolveSpecifier(path, text.text), typeOnly, names, line: lineOf(tree, node) });
  };
  eachNode(tree, (node) => {
    if (ts.isImportDeclaration(node)) {
      const named = node.importClause?.namedBindings;
      const elements = named !== undefined && ts.isNamedImports(named) ? named.elements : [];
      const allTypes =
        elements.length > 0 && node.importClause?.name === undefined && elements.every((e) => e.isTypeOnly);
      const names = elements.filter((e) => !e.isTypeOnly).map((e) => (e.propertyName ?? e.name).text);
      const star = named !== undefined && ts.isNamespaceImport(named) ? ['*'] : [];
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes;
      add(node, node.moduleSpecifier, typeOnly, typeOnly ? [] : [...names, ...star]);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, node.isTypeOnly, node.isTypeOnly ? [] : ['*']);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal as ts.Expression, true, []);
    } else if (ts.isCallExpression(node) && node.arguments[0] !== undefined) {
      const callee = node.expression;
      const isImport = callee.kind === ts.SyntaxKind.ImportKeyword;
      const isMock = ts.isPropertyAccessExpression(callee) && callee.getText(tree) === 'vi.mock';
      const isRequire = ts.isIdentifier(callee) && callee.text === 'require';
      if (isImport || isRequire) add(node, node.arguments[0], false, ['*']);
      else if (isMock) add(node, node.arguments[0], true, []);
    }
  });
  return found;
}

function resolveSpecifier(from: string, specifier: string): Pick<ImportLine, 'specifier' | 'target' | 'kind'> {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.')) {
    return { specifier, kind: 'project', target: posix.normalize(posix.join(posix.dirname(from), bare)) };
  }
  if (bare.startsWith('#')) return { specifier, kind: 'project', target: bare.slice(1) };
  if (bare.startsWith('node:')) return { specifier, kind: 'node', target: bare };
  const parts = bare.split('/');
  const name = bare.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? bare);
  return { specifier, kind: 'package', target: name };
}
