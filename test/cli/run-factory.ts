import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..')

/** What no command may ever print. */
export const MARKED_SECRET = 'marked-client-secret'

export interface Run {
  readonly input?: string
  readonly directory?: string
  /** An empty text takes a variable away. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs the command line as `npm run factory --` does, with no AWS but what the environment names. */
export async function factory(
  args: readonly string[],
  { input = '', directory = PROJECT_ROOT, environment }: Run = {},
) {
  const variables = {
    PATH: process.env.PATH ?? '',
    FACTORY_CONFIG: join(import.meta.dirname, 'dev.config.ts'),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    ...environment,
  }
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin', 'factory.ts'), ...args], {
    cwd: directory,
    env: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')),
  })
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  expect(stdout + stderr).not.toMatch(/^ +at /m)
  expect(stdout + stderr).not.toContain(MARKED_SECRET)
  return { stdout, stderr, code }
}
