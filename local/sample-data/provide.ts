import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { resourcesOfType } from '../resource-properties.ts'
import type { Administrator } from '../services.ts'
import type { Stack } from '../stack.ts'

export interface SampleData {
  /** When every bucket has it, or it is told why one has not. */
  readonly settled: Promise<void>
  stop(): Promise<void>
}

/**
 * Fills each bucket that is tagged for it (lib/needs/files.ts), in the background, where it lacks the sample.
 * @param scale see generateRows
 * @param say told of what is being made, what is ready and what failed: one bucket that stays empty stops no factory
 */
export function provideSampleData(
  stacks: readonly Stack[],
  administrator: Administrator,
  scale: number,
  say: (message: string) => void,
): SampleData {
  const stopping = new AbortController()
  const buckets = resourcesOfType(stacks, 'AWS::S3::Bucket').filter(({ properties }) => isForSampleData(properties))
  const failed = (why: string) => say(`Sample data: could not be made; the next start tries again.\n${why}`)
  const filled = buckets.map(({ physicalId }) =>
    fill(physicalId, administrator, scale, say, stopping.signal).catch((error: Error) => failed(error.message)),
  )
  const settled = Promise.all(filled).then(() => undefined)
  return {
    settled,
    stop() {
      stopping.abort()
      return settled
    },
  }
}

function isForSampleData({ Tags = [] }: Readonly<Record<string, unknown>>): boolean {
  return (Tags as readonly { Key: string; Value: string }[]).some(
    ({ Key, Value }) => Key === 'content' && Value === 'sample-data',
  )
}

async function fill(
  bucket: string,
  { region, credentials, s3 }: Administrator,
  scale: number,
  say: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // Whoever is killed cannot tidy up.
  await using folder = await mkdtempDisposable(join(tmpdir(), 'factory-'))
  if (signal.aborted) return
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fill.ts'), bucket, String(scale)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL_S3: s3,
      TMPDIR: folder.path,
    },
  })
  signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
  createInterface({ input: child.stdout }).on('line', say)
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  if (code !== 0 && !signal.aborted) throw new Error(complaint.trim() || `It ended with ${code}.`)
}
