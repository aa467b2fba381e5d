import * as z from 'zod'
import { ENDPOINTS } from '../model/endpoints.ts'
import { type ListedServer, serverList } from '../model/server-list.ts'
import { CommandFailure } from './command-failure.ts'

/** Milliseconds. */
const TIMEOUT = 5000

/**
 * What a factory says of its servers.
 * @throws CommandFailure where nothing answers at the issuer, or something that is no factory
 */
export async function readServerList(issuer: string): Promise<readonly ListedServer[]> {
  const url = `${issuer}${ENDPOINTS.servers}`
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) })
    return serverList.parse(await response.json()).servers
  } catch (error) {
    const { cause, message } = error as Error
    const reason = error instanceof z.ZodError || error instanceof SyntaxError ? 'no list of servers' : message
    throw new CommandFailure(`${url}: found ${cause instanceof Error ? cause.message : reason}`, undefined, {
      cause: error,
    })
  }
}
