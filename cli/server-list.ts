import * as z from 'zod'
import { ENDPOINTS } from '../model/endpoints.ts'
import { type ListedServer, serverList } from '../model/server-list.ts'
import { CommandFailure } from './command-failure.ts'
import { fetchFailure } from './fetch-failure.ts'

/** Milliseconds: the factory asks each server how it is, and their functions may only just be starting. */
const TIMEOUT = 15_000

/**
 * What a factory says of its servers.
 * @param remedy what to do where nothing answers
 * @throws CommandFailure where nothing answers at the issuer, or something that is no factory
 */
export async function readServerList(
  issuer: string,
  remedy = 'start it with npm start',
): Promise<readonly ListedServer[]> {
  const url = `${issuer}${ENDPOINTS.servers}`
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) })
    return serverList.parse(await response.json()).servers
  } catch (error) {
    throw new CommandFailure(
      error instanceof z.ZodError || error instanceof SyntaxError
        ? `${url}: found no list of servers`
        : `No factory answers at ${issuer} (${fetchFailure(error as Error, TIMEOUT)}): ${remedy}.`,
      undefined,
      { cause: error },
    )
  }
}
