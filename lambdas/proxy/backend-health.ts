import type { AbilityLog } from '../runtime/ability-context.ts'
import { errorChain } from '../shell/error-chain.ts'
import { sendToBackend } from './backend-request.ts'
import type { Backend } from './environment.ts'

/** Milliseconds. */
const TIMEOUT = 3_000
const PING = JSON.stringify({ jsonrpc: '2.0', id: 'health', method: 'ping' })
/** What a server that is there, and lets us in, would not say to a ping, whatever its revision. */
const NOT_THERE = [401, 403, 404, 407]

/** Whether the backend answers; the log says why it does not. */
export async function isBackendUp(
  { url, health }: Backend,
  ownHeaders: () => Promise<Readonly<Record<string, string>>>,
  log: AbilityLog,
): Promise<boolean> {
  try {
    const headers = { ...(await ownHeaders()), accept: 'application/json, text/event-stream' }
    const request = health
      ? { method: 'GET', headers }
      : { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: PING }
    const response = await sendToBackend(health ?? url, { ...request, timeout: TIMEOUT })
    response.destroy()
    const { statusCode: status = 0 } = response
    const up =
      status >= 200 && (health ? status < 300 : status < 500 && !isRedirect(status) && !NOT_THERE.includes(status))
    if (!up) log.warn('backend down', { status })
    return up
  } catch (error) {
    log.warn('backend down', { reason: errorChain(error) })
    return false
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}
