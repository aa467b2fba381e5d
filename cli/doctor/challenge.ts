import type { Exchange } from './exchange.ts'

/** A Bearer challenge (RFC 6750 §3, RFC 9728 §5.1) taken apart. */
export interface Challenge {
  readonly value: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The name that API Gateway gives a challenge that came from a function (PLATFORM 1). */
export const REMAPPED = 'x-amzn-remapped-www-authenticate'

/** The challenge under its own name, or under the one that no client reads. */
export function challengeOf({ headers }: Exchange): Challenge | undefined {
  const value = headers.get('www-authenticate') ?? headers.get(REMAPPED)
  if (value === null || !/^bearer\b/i.test(value)) return undefined
  const parameters = [...value.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', text = '']) => [name, text])
  return { value, parameters: Object.fromEntries(parameters) }
}
