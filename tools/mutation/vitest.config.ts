import { defineConfig } from 'vitest/config'

/** The tests that a mutant meets: of the gate and the rules, without what starts a table, a bundler or a factory. */
export default defineConfig({
  test: {
    include: [
      'test/lambdas/authorizer/*.test.ts',
      'test/lambdas/tokens/der-signature.test.ts',
      'test/model/rules/*.test.ts',
      'test/model/{ability-scopes,deny-entry,person}.test.ts',
    ],
    exclude: ['test/lambdas/authorizer/{authorize,handler,table-reader,snapshot-source}.test.ts'],
    testTimeout: 20_000,
  },
})
