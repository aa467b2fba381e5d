import { displayName } from '../display-name.ts'

/** Characters that are shown. */
const LONGEST_NAME = 80

/** What a client calls itself, fit to be shown. */
export function clientName(given: string | undefined): string {
  return displayName(given ?? '', LONGEST_NAME) ?? 'An application without a name'
}
