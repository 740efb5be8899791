/**
 * How the screens are built (tools/build.ts runs it). Rule kept: the page needs no inline script or style but
 * what carries the nonce that its host puts in place of __CSP_NONCE__ at each load.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // Fonts and sounds stay files: the content policy allows them from 'self' only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
