/** Beyond the client's own limit: for the case that the function is gone. */
const TIMEOUT_ALLOWANCE_MS = 1_000

/**
 * What every call begins with, in one message. SET LOCAL ends with the transaction, which is never committed: nothing of
 * a call, not even what SQL sets for its session, is there at the next.
 * @param milliseconds for each statement
 */
export function beginReading(milliseconds: number): string {
  return `BEGIN READ ONLY;
    SET LOCAL statement_timeout = ${milliseconds + TIMEOUT_ALLOWANCE_MS};
    SET LOCAL lock_timeout = '2s';
    SET LOCAL idle_in_transaction_session_timeout = '10s';
    SET LOCAL search_path = pg_catalog;
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL row_security = on;
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL DateStyle = 'ISO, MDY';
    SET LOCAL IntervalStyle = 'iso_8601';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1;
    SET LOCAL cursor_tuple_fraction = 1;
    SET LOCAL synchronize_seqscans = off`
}

/** Advisory locks of a session are the one thing that a rollback leaves. */
export const END_READING = 'ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()'
