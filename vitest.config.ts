import { defineConfig } from 'vitest/config'

/** Three projects, so that `vitest --project unit` answers in seconds; `npm test` runs them all. */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/attacks/**', 'test/interop/**'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/attacks/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Each file starts a factory of its own; two cores carry one at a time well.
          fileParallelism: false,
        },
      },
    ],
  },
})
