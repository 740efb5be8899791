/** axe over a page of the tests: what it finds against the rules of access. Rule kept: no rule is switched off. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Resolves when nothing is still fading in or out, for a colour halfway is nobody's colour. What turns for ever isn't waited for. */
const settled = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const moving = () => document.getAnimations().filter((a) => a.playState === 'running' && Number.isFinite(a.effect.getComputedTiming().endTime));
  do {
    await Promise.allSettled(moving().map((a) => a.finished));
    await frame();
    await frame();
  } while (moving().length > 0);
})()`;

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** "rule: where | where", [] when nothing is found. Through the debugger, for the page's policy allows no script. */
export async function violations(page: Page): Promise<readonly string[]> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Runtime.evaluate', { expression: axeSource });
  await cdp.send('Runtime.evaluate', { expression: settled, awaitPromise: true });
  const answer = await cdp.send('Runtime.evaluate', {
    expression: 'axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations))',
    awaitPromise: true,
    returnByValue: true,
  });
  const found = JSON.parse(String(answer.result.value)) as readonly Violation[];
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
