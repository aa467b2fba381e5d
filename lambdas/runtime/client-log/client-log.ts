import type { LoggingLevel, ServerContext } from '@modelcontextprotocol/server'
import type { AbilityLog } from '../ability-context.ts'
import type { Call } from '../call-tool.ts'
import { once } from '../once.ts'
import { isWanted, requestedLogLevel } from './log-level.ts'

/** An ability's log of which the client is told, too, if it asked (MCP `logging`). */
export interface ClientLog {
  readonly log: AbilityLog
  /** Resolves when the client has been told of all lines so far. */
  readonly told: () => Promise<void>
}

/**
 * Tells the client the messages alone: details are for whoever runs the server. Nothing is asked of the table before
 * the first line.
 */
export function openClientLog(call: Call<unknown>, mcpReq: ServerContext['mcpReq']): ClientLog {
  const { log } = call
  const from = once(() => requestedLogLevel(call, mcpReq))
  let told = Promise.resolve()
  const tell = async (level: LoggingLevel, data: string) => {
    try {
      if (isWanted(level, await from()))
        await mcpReq.notify({ method: 'notifications/message', params: { level, data } })
    } catch (error) {
      log.warn('the client could not be told of a log line', { error })
    }
  }
  const telling =
    (name: keyof AbilityLog, level: LoggingLevel): AbilityLog['info'] =>
    (message, details) => {
      log[name](message, details)
      told = told.then(() => tell(level, message))
    }
  return {
    log: {
      debug: telling('debug', 'debug'),
      info: telling('info', 'info'),
      warn: telling('warn', 'warning'),
      error: telling('error', 'error'),
    },
    told: () => told,
  }
}
