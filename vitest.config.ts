import { defineConfig } from 'vitest/config'

/** A factory for each kind of statement in the roles; five journeys in Chromium for each client's redirect URI. */
const PROOFS = ['test/attacks/least-privilege.test.ts', 'test/e2e/landing.test.ts']

/** `vitest --project unit` is the quicker part; `npm test` runs unit and e2e, `npm run proofs` what takes minutes by itself. */
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/attacks/**', 'test/conformance/**', 'test/interop/**'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          // More than there are processors: most wait for processes and sockets.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/attacks/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          exclude: PROOFS,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Each file starts a factory of its own, of some 650 MB; they wait more than they compute.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'proofs',
          include: PROOFS,
          testTimeout: 120_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
