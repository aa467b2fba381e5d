import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { endpointsFile, STATE_DIRECTORY } from '../local/state-directory.ts'
import { parseJson } from '../model/parse-json.ts'
import { CommandFailure } from './command-failure.ts'

const endpoints = z.object({
  issuer: z.string(),
  /** Email addresses of those who can sign in; nobody where people sign in at the real Google. */
  people: z.array(z.string()),
  region: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }),
  /** The directory of its logs. */
  logs: z.string(),
  secretsManager: z.string(),
  dynamodb: z.string(),
  /** The factory table's name. */
  table: z.string(),
  /** ARN of the authorization server's keys. */
  keysSecret: z.string(),
})

/** The factory that `npm start` runs in the working directory, or with its state in `FACTORY_DIRECTORY`. */
export type LocalFactory = z.infer<typeof endpoints>

/** The local factory, or undefined where none runs. One that was killed may have left its file. */
export function findLocalFactory(
  directory: string = process.env.FACTORY_DIRECTORY ?? STATE_DIRECTORY,
): LocalFactory | undefined {
  try {
    return endpoints.safeParse(parseJson(readFileSync(endpointsFile(directory), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Where the factory of this directory answers, or would. */
export function localOrigin(): string {
  return findLocalFactory()?.issuer ?? `http://localhost:${process.env.FACTORY_PORT ?? 4100}`
}

/** @throws CommandFailure where no factory runs here */
export function localFactory(): LocalFactory {
  const found = findLocalFactory()
  if (!found) throw new CommandFailure('No factory runs in this directory: start one with npm start.')
  return found
}
