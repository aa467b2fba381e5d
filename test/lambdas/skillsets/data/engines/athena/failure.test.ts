import { type AthenaError, type QueryExecutionStatus, TooManyRequestsException } from '@aws-sdk/client-athena'
import { describe, expect, it } from 'vitest'
import {
  cleanWords,
  failureOf,
  failureOfRequest,
} from '../../../../../../lambdas/skillsets/data/engines/athena/failure.ts'

const WORDING = { database: 'prod_mcp__data__example', hidden: ['prod_mcp__data__partner', 'lake'] }
const failed = (ErrorMessage: string, error: Partial<AthenaError> = {}): QueryExecutionStatus => ({
  State: 'FAILED',
  StateChangeReason: ErrorMessage,
  AthenaError: { ErrorCategory: 2, ErrorType: 1000, Retryable: false, ErrorMessage, ...error },
})
const failure = (status: QueryExecutionStatus) => failureOf(status, 500, WORDING)

/** Categories and types: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
describe('a statement that ended', () => {
  it.each<[string, QueryExecutionStatus, string]>([
    [
      'by the scan limit',
      { State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' },
      'too_much_data',
    ],
    [
      'by the scan limit, said otherwise',
      failed('Query cancelled! : Bytes scanned limit was exceeded'),
      'too_much_data',
    ],
    ['by somebody', { State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' }, 'query_failed'],
    ['out of memory', failed('Query exhausted resources at this scale factor', { ErrorType: 2 }), 'out_of_memory'],
    ['by Athena’s own time', failed('Query timeout', { ErrorCategory: 1, ErrorType: 210 }), 'query_timeout'],
    [
      'by a fault of Athena',
      failed('GENERIC_INTERNAL_ERROR: null', { ErrorCategory: 1, ErrorType: 200 }),
      'engine_unavailable',
    ],
    ['by a fault of the person', failed('DIVISION_BY_ZERO: Division by zero', { ErrorType: 1001 }), 'query_failed'],
    ['without a word', { State: 'FAILED' }, 'query_failed'],
    [
      'by the role, at Glue',
      failed(
        'Insufficient permissions to execute the query.  User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: glue:GetTable on resource: arn:aws:glue:eu-west-1:123456789012:table/prod_mcp__data__partner/orders',
      ),
      'query_refused',
    ],
    [
      'by the role, at S3',
      failed('PERMISSION_DENIED: Access denied on s3://lake/partner/orders/part-0.parquet'),
      'query_refused',
    ],
  ])('%s', (_, status, code) => {
    const error = failure(status)
    expect(error.code).toBe(code)
    expect(error.hint).not.toBe('')
    expect(`${error.message} ${error.hint}`).not.toMatch(/\d{12}|arn:|s3:|lake|prod_mcp/)
    // All of it is for the log.
    expect((error.cause as Error).message).toContain(status.StateChangeReason ?? 'FAILED')
  })

  it('says how much may be read', () => {
    expect(failure({ State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' }).message).toContain(
      '500 MB',
    )
  })
})

describe('Athena’s words', () => {
  it.each([
    [
      "TABLE_NOT_FOUND: line 3:15: Table 'awsdatacatalog.prod_mcp__data__example.x' does not exist",
      "TABLE_NOT_FOUND: line 2:15: Table 'x' does not exist",
    ],
    [
      'HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://lake/example/orders/a.parquet (offset=0, length=5): io (Service: Amazon S3; Status Code: 500; Request ID: AB12)',
      'HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split a file (offset=0, length=5): io',
    ],
    [
      "SCHEMA_NOT_FOUND: line 2:15: Schema 'prod_mcp__data__partner' does not exist",
      "SCHEMA_NOT_FOUND: line 1:15: Schema '…' does not exist",
    ],
    ["Cannot cast '123456789012' to INT", "Cannot cast '123456789012' to INT"],
  ])('%j become %j', (words, clean) => {
    expect(cleanWords(words, { ...WORDING, linesBefore: 1 })).toBe(clean)
  })
})

describe('a request that Athena did not take', () => {
  it('is engine_unavailable, without its words', () => {
    const error = new TooManyRequestsException({ message: 'Rate exceeded for 123456789012', $metadata: {} })
    expect(failureOfRequest(error, WORDING)).toMatchObject({ code: 'engine_unavailable', cause: error })
    expect(JSON.stringify(failureOfRequest(error, WORDING))).not.toContain('Rate')
  })
})
