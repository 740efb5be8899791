/**
 * Builds the screens into dist/renderer. Rule kept: everything the page needs ships in the package (fonts
 * too) and nothing is inlined, so that a strict content security policy holds. Two pages: the till's and head office's.
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
    rolldownOptions: {
      input: [`${import.meta.dirname}/index.html`, `${import.meta.dirname}/head-office.html`],
    },
  },
});
