import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { inkOf, isBlack } from './bitmap.ts';
import { logoBounds, readLogo } from './logo.ts';

type Draw = (context: ReturnType<ReturnType<typeof createCanvas>['getContext']>) => void;
function pngOf(width: number, height: number, draw: Draw): Buffer {
  const canvas = createCanvas(width, height);
  draw(canvas.getContext('2d'));
  return canvas.toBuffer('image/png');
}
const disc: Draw = (context) => {
  context.fillStyle = '#000';
  context.beginPath();
  context.arc(50, 50, 40, 0, Math.PI * 2);
  context.fill();
};

describe('a logo', () => {
  it('keeps its dots when it fits, on white where it is transparent', async () => {
    const logo = await readLogo(pngOf(100, 100, disc));
    if (!logo.ok) throw new Error(logo.error);
    expect([logo.value.width, logo.value.height]).toEqual([100, 90]);
    expect([isBlack(logo.value, 50, 50), isBlack(logo.value, 2, 2)]).toEqual([true, false]);
    expect(inkOf(logo.value)).toBeGreaterThan(4_900);
    expect(inkOf(logo.value)).toBeLessThan(5_150);
  });

  it('is scaled down to the bounds, its shape kept', async () => {
    const logo = await readLogo(
      pngOf(2_000, 500, (context) => {
        context.fillStyle = '#036';
        context.fillRect(0, 0, 2_000, 500);
      }),
    );
    expect(logo.ok && [logo.value.width, logo.value.height]).toEqual([logoBounds.dotsWide, 96]);
  });

  it('grey is as many dots as it is dark', async () => {
    const logo = await readLogo(
      pngOf(200, 200, (context) => {
        context.fillStyle = 'rgb(191,191,191)';
        context.fillRect(0, 0, 200, 200);
      }),
    );
    if (!logo.ok) throw new Error(logo.error);
    expect(inkOf(logo.value) / (200 * 200)).toBeCloseTo(0.25, 1);
  });

  it.each([
    ['a file that is no PNG', Buffer.from('GIF89a'.padEnd(60)), 'notPng'],
    ['one of more than a megabyte', Buffer.alloc(logoBounds.bytes + 1), 'tooLarge'],
    ['a head that says 60,000 dots', bomb(60_000), 'tooLarge'],
    ['a head without a body', bomb(100), 'unreadable'],
    ['a white one', pngOf(20, 20, () => undefined), 'blank'],
  ] as const)('%s is refused', async (_, png, error) => {
    expect(await readLogo(png)).toEqual({ ok: false, error });
  });
});

function bomb(side: number): Buffer {
  const png = Buffer.from(pngOf(10, 10, disc).subarray(0, 40));
  png.writeUInt32BE(side, 16);
  png.writeUInt32BE(side, 20);
  return png;
}
