import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'

const planted = new Map<string, string>()

/** Remembers a secret that passes through the factory, to look for it in the logs afterwards. */
export function plant(kind: string, value: unknown): void {
  if (typeof value === 'string' && value.length >= 16) planted.set(value, kind)
}

/**
 * Fails where a planted secret stands in a log, plain, as JSON text or percent-encoded. Call it after the factory has
 * stopped: until then logs may lack their end.
 */
export async function expectNoSecretInLogs(logsDirectory: string): Promise<void> {
  const files = (await readdir(logsDirectory, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const logs = await Promise.all(
    files.map(async ({ parentPath, name }) => ({ name, text: await readFile(join(parentPath, name), 'utf8') })),
  )
  // Logs that nothing was written to would prove nothing.
  expect(logs.filter(({ text }) => text.length > 0).length, 'logs with content').toBeGreaterThan(2)
  expect(planted.size, 'planted secrets').toBeGreaterThan(0)
  const found = logs.flatMap(({ name, text }) =>
    [...planted]
      .filter(([secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      .map(([, kind]) => `${kind} in ${name}`),
  )
  expect([...new Set(found)]).toEqual([])
}
