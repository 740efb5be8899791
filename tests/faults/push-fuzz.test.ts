/** A slice of the push fuzz: nothing hostile is believed, nothing falls, an honest bill passes. */
import { describe, expect, it } from 'vitest';
import { fuzzPushes } from './push-fuzz.ts';

describe('push fuzz', () => {
  it('believes nothing hostile and goes on', async () => {
    const said: string[] = [];
    const outcome = await fuzzPushes({ n: 500, seed: 1, say: (line) => void said.push(line) });
    expect([outcome.crashes, outcome.accepted, said]).toEqual([0, 0, []]);
    // One honest bill in each batch of fifty: every one of them is taken.
    expect(outcome.honestAccepted).toBe(10);
    expect(outcome.honestFacts).toBe(30);
    expect(outcome.answers['doesNotAddUp']).toBeGreaterThan(100);
  }, 60_000);
});
