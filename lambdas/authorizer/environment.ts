import * as z from 'zod/mini'
import { readVariables, type Variables } from '../shell/environment.ts'

// A regular expression and not `minLength`: each kind of check adds to the bundle.
const nonEmpty = z.string().check(z.regex(/\S/))

/** A URL without anything that would have to be escaped in the quoted string of a challenge. */
const url = z.string().check(z.regex(/^https?:\/\/[A-Za-z0-9.\-:[\]]+(?:\/[\x21\x23-\x5b\x5d-\x7e]*)?$/))

const environment = z.object({
  ISSUER: url,
  AUDIENCE: url,
  SERVER_NAME: nonEmpty,
  METADATA_URL: url,
  TABLE_NAME: nonEmpty,
  AWS_REGION: nonEmpty,
  AWS_ACCESS_KEY_ID: nonEmpty,
  AWS_SECRET_ACCESS_KEY: nonEmpty,
  AWS_SESSION_TOKEN: z.optional(nonEmpty),
  AWS_ENDPOINT_URL: z.optional(url),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(url),
})

/** Who this gate is: constants of its deployment, never taken from a request. */
export interface GateIdentity {
  /** `iss` of every token it accepts, byte for byte. */
  readonly issuer: string
  /** `aud` of every token it accepts: the server's exact resource URL. */
  readonly audience: string
  /** Where the server's protected-resource metadata is (RFC 9728), for challenges. */
  readonly metadataUrl: string
  readonly serverName: string
}

/** Where the factory table is and with whose credentials it is read. */
export interface TableAccess {
  readonly endpoint: string
  readonly region: string
  readonly tableName: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

/**
 * Parses the function's environment, once.
 * @throws Error naming the variables that are missing or malformed, never their values
 */
export function parseEnvironment(variables: Variables): {
  readonly gate: GateIdentity
  readonly table: TableAccess
} {
  const values = readVariables(environment, variables)
  return {
    gate: {
      issuer: values.ISSUER,
      audience: values.AUDIENCE,
      metadataUrl: values.METADATA_URL,
      serverName: values.SERVER_NAME,
    },
    table: {
      // The precedence of AWS's SDKs (PLATFORM 27): the service's own endpoint, the common one, the region's.
      endpoint:
        values.AWS_ENDPOINT_URL_DYNAMODB ??
        values.AWS_ENDPOINT_URL ??
        `https://dynamodb.${values.AWS_REGION}.amazonaws.com`,
      region: values.AWS_REGION,
      tableName: values.TABLE_NAME,
      accessKeyId: values.AWS_ACCESS_KEY_ID,
      secretAccessKey: values.AWS_SECRET_ACCESS_KEY,
      sessionToken: values.AWS_SESSION_TOKEN,
    },
  }
}
