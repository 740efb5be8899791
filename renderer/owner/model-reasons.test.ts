import { describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { eventReason } from './model-reasons.ts';

const event = (what: Parameters<typeof eventReason>[0]['what'], reason: string | null) =>
  eventReason({ atMs: instant(0), what, version: null, reason });

describe('why something happened to a model', () => {
  it('reads the code before what stands behind it', () => {
    expect(event('refused', 'worse:loss,coverage {"wql":0.31}')).toBe('moWhyWorse');
    expect(event('refused', 'hashDiffers {"detail":"9f…"}')).toBe('moWhyDamaged');
    expect(event('rolledBack', 'owner')).toBe('moWhyOwner');
  });
  it('tells by which rule a model lost', () => {
    expect(event('refused', 'worse:coverage {"wql":0.31}')).toBe('moWhyBands');
    expect(event('refused', 'worse:segment,time')).toBe('moWhyBest');
    expect(event('refused', 'worse:somethingNew')).toBe('moWhyWorse');
  });
  it('says nothing of a code it does not know, or of figures alone', () => {
    expect(event('refused', 'somethingNew:1')).toBeNull();
    expect(event('promoted', '{"wql":0.2}')).toBeNull();
    expect(event('arrived', null)).toBeNull();
  });
});
