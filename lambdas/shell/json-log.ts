/** One line of JSON per event, in the shape of the other functions' logs. Never a token or any other credential. */
export type JsonLog = (level: 'INFO' | 'ERROR', message: string, fields: Readonly<Record<string, unknown>>) => void

/**
 * @param write takes one line, its end included
 * @param clock milliseconds since the epoch
 */
export function jsonLog(write: (line: string) => void, clock: () => number): JsonLog {
  return (level, message, fields) =>
    write(`${JSON.stringify({ level, message, timestamp: new Date(clock()).toISOString(), ...fields })}\n`)
}
