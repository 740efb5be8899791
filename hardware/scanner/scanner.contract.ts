/**
 * The scanner port's promises as tests: one body, run over every transport. Rule kept: a promise is tested where it
 * is written down (port.ts); it knows no bytes. Not collected by itself: scanner-contract.test.ts runs it.
 */
import { describe, expect, it } from 'vitest';
import type { Scanned, Scanner } from './port.ts';

export type ScannerPair = {
  readonly scanner: Scanner;
  readonly scan: (code: string) => void;
  /** The first part of a code, and nothing after it. */
  readonly scanHalf: (code: string) => void;
  /** Something that no scanner means. */
  readonly sendGarbage: () => void;
  readonly cut: () => Promise<void> | void;
  /** After a cut: the cable is there again. */
  readonly replug: () => Promise<void> | void;
  readonly tidy: () => Promise<void>;
};

/** Waits for what must come; the test's own limit ends it where it never does. */
export async function until(test: () => boolean): Promise<void> {
  for (let i = 0; i < 1_600 && !test(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
}

export function hearCodes(scanner: Scanner): readonly string[] {
  const codes: string[] = [];
  scanner.onScan((scan: Scanned) => {
    // An AIM identifier is core's to read; not every transport has one.
    codes.push(scan.kind === 'code' ? scan.code.replace(/^\]E0/, '') : `!${scan.why}`);
  });
  return codes;
}

/** `count`: how many scans in a row. */
export function testScanner(name: string, makePair: () => Promise<ScannerPair>, count: number): void {
  describe(`scanner: ${name}`, () => {
    const promise = (what: string, test: (pair: ScannerPair, codes: readonly string[]) => Promise<void>): void =>
      it(what, async () => {
        const pair = await makePair();
        try {
          const codes = hearCodes(pair.scanner);
          await until(() => pair.scanner.state().isOpen);
          await test(pair, codes);
        } finally {
          await pair.tidy();
        }
      }, 20_000);

    promise('delivers codes whole, once and in order, at the transport’s full pace', async ({ scan }, codes) => {
      const sent = Array.from({ length: count }, (_, i) => `8901234${String(i).padStart(6, '0')}`);
      for (const code of sent) scan(code);
      await until(() => codes.length >= sent.length);
      expect(codes).toEqual(sent);
    });
    promise('delivers long codes, separators and every script', async ({ scan }, codes) => {
      const sent = ['x'.repeat(2_000), '01089012345678901726123110AB\u001d211', 'दाल-12', 'ghee-É7'];
      for (const code of sent) scan(code);
      await until(() => codes.length >= sent.length);
      expect(codes).toEqual(sent);
    });
    promise('tells a code that breaks off, and the next stands alone', async ({ scan, scanHalf }, codes) => {
      scanHalf('7'.repeat(120));
      await until(() => codes.length === 1);
      scan('8901030865237');
      await until(() => codes.length === 2);
      expect(codes).toEqual(['!partial', '8901030865237']);
    });
    promise('tells garbage and makes no code of it', async ({ scan, sendGarbage }, codes) => {
      sendGarbage();
      scan('8901');
      await until(() => codes.length === 2);
      expect(codes).toEqual(['!garbled', '8901']);
    });
    promise('tells a pulled plug, and goes on by itself', async ({ scanner, scan, cut, replug }, codes) => {
      await cut();
      await until(() => !scanner.state().isOpen);
      expect(scanner.state().trouble).not.toBeNull();
      await replug();
      await until(() => scanner.state().isOpen);
      // The device's end may come up a moment after ours.
      await until(() => {
        if (codes.length === 0) scan('8902');
        return codes.length > 0;
      });
      expect(codes[0]).toBe('8902');
    });
    promise('says nothing more once it is closed', async ({ scanner, scan }, codes) => {
      await scanner.close();
      scan('8901');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(codes).toEqual([]);
    });
  });
}
