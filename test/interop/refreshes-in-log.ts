import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The ids of the clients whose tokens the factory says that it refreshed.
 * @param since milliseconds since the epoch
 */
export async function refreshesInLog(directory: string, since: number): Promise<string[]> {
  const files = await readdir(directory)
  const logs = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  return logs
    .flatMap((log) => log.split('\n'))
    .filter((line) => line.includes('"audit":"token.refreshed"'))
    .map((line) => JSON.parse(line) as { timestamp: string; client: string })
    .filter(({ timestamp }) => Date.parse(timestamp) > since)
    .map(({ client }) => client)
}
