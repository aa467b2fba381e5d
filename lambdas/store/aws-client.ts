/**
 * What every client of the AWS SDK is made with. The SDK's own limits are none: a connection that hangs would hang a
 * person for minutes, where an honest failure after 4 s lets them try again. One retry covers a lost connection; every
 * conditional write is safe to repeat. Milliseconds.
 */
export const AWS_CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
} as const
