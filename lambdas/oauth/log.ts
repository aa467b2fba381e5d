import type { JsonLog } from '../shell/json-log.ts'

/** Structured logging. Fields hold everything an operator needs and no secret, code, token or cookie. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void
  error(message: string, fields: Readonly<Record<string, unknown>>): void
}

/** @param service names the function in each line */
export function openLog(log: JsonLog, service: string | undefined): Log {
  return {
    info: (message, fields) => log('INFO', message, { service, ...fields }),
    error: (message, fields) => log('ERROR', message, { service, ...fields }),
  }
}
