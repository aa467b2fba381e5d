/**
 * What the gate uses of node:crypto. No import: one reads the export `webcrypto`, too, for which Node loads all of Web
 * Crypto, and every gate starts later.
 */
export const { createHmac, createPublicKey, hash, verify }: typeof import('node:crypto') =
  process.getBuiltinModule('crypto')
