/** API Gateway's `$context`: what expressions, templates and access logs may name. */
export type Context = Readonly<Record<string, unknown>>

/** @param path such as `identity.sourceIp` */
export function lookup(context: Context, path: string): string | undefined {
  let value: unknown = context
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
}

/** `22/Nov/2026:04:54:16 +0000`, the Common Log Format's time. */
export function requestTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}
