/**
 * Rules over what stands in a file: purity of core, SQL and printer bytes at home, no reckoning on a screen.
 * Rule kept: each answers a list of violations; places, words and patterns are in table.ts.
 */
import ts from 'typescript';
import { eachNode, lineOf, type Source, type Violation } from './source.ts';
import { byteHomes, clocklessPlaces, hostGlobals, moneyName, purePlaces, sqlHomes } from './table.ts';

const isIn = (source: Source, places: readonly string[]): boolean =>
  places.some((place) => source.path.startsWith(place));

const collect = (source: Source, rule: string, faultOf: (node: ts.Node) => string | null): Violation[] => {
  const found: Violation[] = [];
  eachNode(source.tree, (node) => {
    const says = faultOf(node);
    if (says !== null) found.push({ file: source.path, line: lineOf(source.tree, node), rule, says });
  });
  return found;
};

/** No wall clock and no chance where both must be handed in. */
export function checkClock(source: Source): Violation[] {
  if (source.isTest || !isIn(source, clocklessPlaces)) return [];
  return collect(source, 'clock and chance are handed in', (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText(source.tree).replaceAll(/\s/g, '');
      const banned = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues'];
      return banned.some((name) => text === name || text === `globalThis.${name}`) ? text : null;
    }
    const isDate = (callee: ts.Expression): boolean => ts.isIdentifier(callee) && callee.text === 'Date';
    if (ts.isNewExpression(node) && isDate(node.expression) && (node.arguments ?? []).length === 0) return 'new Date()';
    if (ts.isCallExpression(node) && isDate(node.expression)) return 'Date()';
    return null;
  });
}

/** No global of any host in the pure folders (a local of the same name is fine). */
export function checkPurity(source: Source): Violation[] {
  if (source.isTest || !isIn(source, purePlaces)) return [];
  const declared = new Set<string>();
  eachNode(source.tree, (node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isBindingElement(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text);
  });
  return collect(source, 'core is pure', (node) => {
    if (!ts.isIdentifier(node) || !isRead(node)) return null;
    if (node.text === 'globalThis') return 'globalThis';
    if (!hostGlobals.some((name) => name === node.text) || declared.has(node.text)) return null;
    return `${node.text} belongs to a host`;
  });
}

/** True where an identifier is read as a value, not where it names a property, a key or a type. */
function isRead(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return parent.initializer === node;
  return !(
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isNamedTupleMember(parent)
  );
}

const sql = [
  /\b(SELECT\s[\s\S]+?\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)/,
  /\b(CREATE\s+(UNIQUE\s+|VIRTUAL\s+|TEMP\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s|ALTER\s+TABLE\s|DROP\s+(TABLE|INDEX)\s)/,
  /\b(PRAGMA\s+\w+|BEGIN\s+(IMMEDIATE|EXCLUSIVE)|VACUUM\s+INTO|ATTACH\s+DATABASE)\b/,
  /^\s*(select\s[\s\S]+?\sfrom\s+\w+|insert\s+into\s+\w+|update\s+\w+\s+set\s|delete\s+from\s+\w+|pragma\s+\w+\s*=?)/,
] as const;

const textOf = (node: ts.Node): string | null =>
  ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
    ? node.text
    : null;

/** SQL text stands in db/ only, so that the schema has one reader. */
export function checkSql(source: Source): Violation[] {
  if (source.isTest || isIn(source, sqlHomes)) return [];
  return collect(source, 'SQL at home', (node) => {
    const text = textOf(node);
    return text !== null && sql.some((pattern) => pattern.test(text)) ? `SQL: ${text.trim().slice(0, 40)}` : null;
  });
}

/**
 * Printer bytes stand in hardware/ only. ESC (0x1b) is always one; GS (0x1d) is one too, but alone in a text
 * it is GS1's separator between application identifiers, which core reads.
 */
export function checkBytes(source: Source): Violation[] {
  if (source.isTest || isIn(source, byteHomes)) return [];
  return collect(source, 'bytes at home', (node) => {
    const text = textOf(node);
    if (text !== null && (text.includes('\x1b') || /\x1d./.test(text))) return 'an ESC/POS sequence in a text';
    if (!ts.isNumericLiteral(node)) return null;
    const written = node.getText(source.tree).toLowerCase();
    if (written === '0x1b') return 'the byte ESC';
    const inList = ts.isArrayLiteralExpression(node.parent) || ts.isCallExpression(node.parent);
    return written === '0x1d' && inList ? 'the byte GS in a list' : null;
  });
}

const arithmetic: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
  ts.SyntaxKind.AsteriskEqualsToken,
  ts.SyntaxKind.SlashEqualsToken,
]);

/** The renderer draws what it is told: no + − × ÷ on anything named as money. */
export function checkMoneyOnScreen(source: Source): Violation[] {
  if (source.isTest || source.folder !== 'renderer') return [];
  const holdsMoney = (node: ts.Expression): boolean => {
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return holdsMoney(node.expression);
    if (ts.isAsExpression(node)) return holdsMoney(node.expression);
    if (ts.isBinaryExpression(node)) return holdsMoney(node.left) || holdsMoney(node.right);
    if (ts.isPropertyAccessExpression(node)) return moneyName.test(node.name.text);
    return ts.isIdentifier(node) && moneyName.test(node.text);
  };
  return collect(source, 'no reckoning on a screen', (node) => {
    if (ts.isBinaryExpression(node) && arithmetic.has(node.operatorToken.kind)) {
      return holdsMoney(node.left) || holdsMoney(node.right) ? node.getText(source.tree) : null;
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && holdsMoney(node.operand)) {
      return node.getText(source.tree);
    }
    return null;
  });
}
