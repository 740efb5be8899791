/**
 * The shop's logo on its receipts: taken as a PNG, kept as dots. Rule kept: what can't be printed is refused here with
 * its reason, so that a receipt never meets a bad picture; who changed it is written down.
 */
import type { LogoView } from '#contract/views.ts';
import { bitmapToPng } from '#hardware/text/bitmap.ts';
import type { TillContext } from '../context.ts';
import { refuse } from '../refusal.ts';

/** As it prints; null: none is set. */
export function logoView(ctx: Pick<TillContext, 'settings'>): LogoView | null {
  const { logo } = ctx.settings.get();
  if (logo === null) return null;
  const bits = new Uint8Array(Buffer.from(logo.bitsBase64, 'base64'));
  const png = bitmapToPng({ width: logo.width, height: logo.height, bits });
  return { widthDots: logo.width, heightDots: logo.height, pngBase64: Buffer.from(png).toString('base64') };
}

/** null takes the logo away. Refuses with LogoInvalid. */
export async function setLogo(ctx: TillContext, pngBase64: string | null): Promise<LogoView | null> {
  const { logoBounds, readLogo } = await import('#hardware/text/logo.ts');
  const read = pngBase64 === null ? null : await readLogo(new Uint8Array(Buffer.from(pngBase64, 'base64')));
  if (read !== null && !read.ok) {
    refuse({ type: 'LogoInvalid', reason: read.error, mostBytes: logoBounds.bytes, mostSide: logoBounds.side });
  }
  const logo = read?.ok
    ? {
        width: read.value.width,
        height: read.value.height,
        bitsBase64: Buffer.from(read.value.bits).toString('base64'),
      }
    : null;
  ctx.settings.save({ logo });
  ctx.tables.transact(() =>
    ctx.tables.journal.append(
      'logoSaved',
      ctx.settings.get().storeId,
      ctx.clock.now(),
      JSON.stringify(logo === null ? null : { width: logo.width, height: logo.height }),
    ),
  );
  return logoView(ctx);
}
