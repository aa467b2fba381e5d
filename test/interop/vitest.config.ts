import { defineConfig } from 'vitest/config'

/** Clients sign in one after another at one factory, then wait for their tokens to expire. */
export default defineConfig({
  test: {
    name: 'interop',
    include: ['test/interop/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
