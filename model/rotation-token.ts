/** What the authorization server has keys for. */
export const KEY_PURPOSES = ['signing', 'sealing', 'refresh'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

const COMPROMISED = new RegExp(`^compromised-(all|${KEY_PURPOSES.join('|')})-`)

/**
 * The request token of a rotation that removes compromised keys at once. Secrets Manager hands it to the rotation
 * function with every step and every repetition, and makes it the new version's id: what is asked for cannot be lost
 * between the two, and stays readable afterwards. It has 32 to 64 characters.
 * @param uuid makes it unique
 */
export function compromisedToken(purpose: KeyPurpose | 'all', uuid: string): string {
  return `compromised-${purpose}-${uuid}`
}

/** The purposes whose keys a rotation removes at once; none for any other token. */
export function compromisedPurposes(token: string): readonly KeyPurpose[] {
  const named = COMPROMISED.exec(token)?.[1]
  return KEY_PURPOSES.filter((purpose) => named === 'all' || named === purpose)
}
