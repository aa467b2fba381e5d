import { Logger } from '@aws-lambda-powertools/logger'
import type { AbilityLog } from './ability-context.ts'

/** Makes the log of one request: every line carries the attributes, which its details cannot overwrite. */
export type OpenLog = (attributes: Readonly<Record<string, unknown>>) => AbilityLog

/** Structured JSON lines; an Error among the details is written with its cause and stack. */
export function powertoolsLog(logger = new Logger()): OpenLog {
  return (attributes) => {
    // Nor is a line of an ability's an audit event, whatever a caller had it log.
    const own = { ...attributes, audit: undefined }
    return {
      debug: (message, details) => logger.debug(message, { ...details, ...own }),
      info: (message, details) => logger.info(message, { ...details, ...own }),
      warn: (message, details) => logger.warn(message, { ...details, ...own }),
      error: (message, details) => logger.error(message, { ...details, ...own }),
    }
  }
}
