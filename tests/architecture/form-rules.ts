/**
 * Rules over one file's form: its name, size, header, and the shapes of TypeScript that this house leaves out.
 * Rule kept: each answers a list of violations; the words and numbers are in table.ts.
 */
import ts from 'typescript';
import { eachNode, lineOf, type Source, type Violation } from './source.ts';
import { bannedWords, budget, defaultExportAllowed } from './table.ts';

const whole = (source: Source, rule: string, says: string): Violation => ({ file: source.path, line: 1, rule, says });

export function checkName(source: Source): Violation[] {
  const found: Violation[] = [];
  const parts = source.path.split('/');
  const file = parts.at(-1) ?? '';
  const words = source.path.split(/[/.-]/);
  const banned = words.filter((word) => bannedWords.some((b) => b === word));
  if (banned.length > 0)
    found.push(whole(source, 'banned names', `'${banned.join(', ')}' says nothing about what is inside`));
  if (/^index\.(ts|tsx|mjs)$/.test(file))
    found.push(whole(source, 'no barrels', 'no index file: import the file itself'));
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const stem = file.replace(/(\.test|\.contract|\.config|\.setup)?\.(ts|tsx|mjs)$/, '');
  if (!kebab.test(stem)) found.push(whole(source, 'kebab-case', `'${file}' is not in kebab-case`));
  return found;
}

export function checkBudget(source: Source): Violation[] {
  const lines = source.text.trimEnd().split('\n').length;
  const most = source.isTest ? budget.test : budget.file;
  return lines > most ? [whole(source, 'file budget', `${lines} lines, at most ${most}`)] : [];
}

/** The Electron shell as a whole stays small, for it is the one part that cannot be run here. */
export function checkElectronBudget(project: readonly Source[]): Violation[] {
  const shell = project.filter((source) => source.folder === 'electron' && !source.isTest);
  const lines = shell.reduce((sum, source) => sum + source.text.trimEnd().split('\n').length, 0);
  if (lines < budget.electronTogether) return [];
  return [
    { file: 'electron/', line: 1, rule: 'file budget', says: `${lines} lines, under ${budget.electronTogether}` },
  ];
}

export function checkHeader(source: Source): Violation[] {
  if (/\.test\.tsx?$/.test(source.path)) return [];
  const text = source.text.replace(/^#!.*\n/, '').trimStart();
  return /^\/[*/]/.test(text) ? [] : [whole(source, 'header', 'starts with a comment that says what this room is for')];
}

export function checkShapes(source: Source): Violation[] {
  const found: Violation[] = [];
  const add = (node: ts.Node, rule: string, says: string): void => {
    found.push({ file: source.path, line: lineOf(source.tree, node), rule, says });
  };
  eachNode(source.tree, (node) => {
    if (ts.isEnumDeclaration(node)) add(node, 'no enums', `enum ${node.name.text}`);
    if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== 'global') {
      add(node, 'no namespaces', `namespace ${node.name.text}`);
    }
    if (ts.isDecorator(node)) add(node, 'no decorators', node.getText(source.tree));
    if (node.kind === ts.SyntaxKind.AnyKeyword) add(node, 'no any', 'say what it is, or unknown');
    if (ts.isCatchClause(node) && node.block.statements.length === 0)
      add(node, 'no empty catch', 'what was caught is lost');
    if (isEmptyCatchCall(node)) add(node, 'no empty catch', 'a rejected promise is lost');
    if (isDefaultExport(node) && !defaultExportAllowed.test(source.path)) add(node, 'no default exports', 'name it');
  });
  const statements = source.tree.statements;
  if (statements.length > 0 && statements.every((s) => ts.isExportDeclaration(s) && s.moduleSpecifier !== undefined)) {
    found.push(whole(source, 'no barrels', 'only re-exports'));
  }
  return found;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function isEmptyCatchCall(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  if (node.expression.name.text !== 'catch') return false;
  const handler = node.arguments[0];
  if (handler === undefined || !(ts.isArrowFunction(handler) || ts.isFunctionExpression(handler))) return false;
  return ts.isBlock(handler.body) && handler.body.statements.length === 0;
}
