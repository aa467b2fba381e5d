import { defineConfig } from 'vitest/config'

/** Each case starts a factory of its own: one per kind of statement in the roles. */
const PROOFS = ['test/attacks/least-privilege.test.ts']

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
          maxWorkers: 2,
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
