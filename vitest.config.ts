/** Where tests are found: beside their file and in tests/. Which of them run when is tools/test-steps.ts. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Head office's tables spread by hash, in every test that makes them (docs/decisions/0071).
    setupFiles: process.env['BILLMITRA_SPREAD'] === '1' ? ['tests/fixtures/spread-migrations.ts'] : [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A poll waits for a screen or a feed; on a loaded machine a second is not long.
    expect: { poll: { timeout: 6_000 } },
  },
});
