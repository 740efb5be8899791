/**
 * Builds the screens into dist/renderer. Rule kept: everything the page needs ships in the package (fonts
 * too) and nothing is inlined, so that a strict content security policy holds. No server of its own.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
});
