/** The house as it stands: each rule over every file. A failure names file, line and what to do. */
import { describe, expect, it } from 'vitest';
import { checkBytes, checkClock, checkMoneyOnScreen, checkPurity, checkSql } from './content-rules.ts';
import { checkBudget, checkElectronBudget, checkHeader, checkName, checkShapes } from './form-rules.ts';
import { checkCircles, checkRendererCore, checkTable, checkUseCases } from './import-rules.ts';
import { readProject, type Source, type Violation } from './source.ts';

const project = readProject();
const printed = (violations: readonly Violation[]): string =>
  violations.map((v) => `${v.file}:${v.line} ${v.rule}: ${v.says}`).join('\n');
const overAll = (check: (source: Source) => Violation[]) => printed(project.flatMap(check));

it('reads the project, not an empty folder', () => {
  expect(project.some((source) => source.path === 'core/money.ts')).toBe(true);
  expect(project.length).toBeGreaterThan(20);
});

describe('every file', () => {
  it.each([
    ['imports what its floor may', checkTable],
    ['of the renderer takes types and formatting of core', checkRendererCore],
    ['of the use cases stands alone', checkUseCases],
    ['has a name that says what is inside', checkName],
    ['keeps its budget of lines', checkBudget],
    ['starts with a header', checkHeader],
    ['leaves out enums, namespaces, decorators, any, default exports, empty catches', checkShapes],
    ['is handed its clock and chance', checkClock],
    ['of core is pure', checkPurity],
    ['leaves SQL to db', checkSql],
    ['leaves printer bytes to hardware', checkBytes],
    ['of the renderer does no sums of money', checkMoneyOnScreen],
  ])('%s', (_, check) => {
    expect(overAll(check)).toBe('');
  });
});

describe('the whole', () => {
  it('has no circles, type imports counted', () => {
    expect(printed(checkCircles(project))).toBe('');
  });
  it('keeps the Electron shell under its budget', () => {
    expect(printed(checkElectronBudget(project))).toBe('');
  });
});
