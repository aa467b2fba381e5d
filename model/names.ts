/** Paths the authorization server answers at the root of its origin; with a custom domain servers share that root. */
export const RESERVED_SERVER_NAMES = [
  'authorize',
  'consent',
  'callback',
  'token',
  'register',
  'revoke',
  'introspect',
  'account',
  'servers',
  'health',
  'ping',
  'sping',
  'favicon.ico',
] as const

/** A server's name is a path segment, a stack name's part and a table key. */
export const SERVER_NAME = /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/
export const STAGE_NAME = /^[a-z][a-z0-9]{0,11}$/

/** Whether a server may not bear this name, because the authorization server answers there. */
export function isReservedName(name: string): boolean {
  return RESERVED_SERVER_NAMES.some((reserved) => reserved === name)
}

/** The outputs in which stacks meet; never replaced, read with `Fn::GetStackOutput`. */
export const OUTPUTS = {
  issuer: 'Issuer',
  tableName: 'TableName',
  tableArn: 'TableArn',
  registrarArn: 'RegistrarArn',
} as const

/** The output of the AuthorizationStack that the command line finds the keys by; no stack reads it. */
export const KEYS_SECRET_OUTPUT = 'KeysSecretArn'

/** The output of a server's stack that people are given: the URL that MCP clients connect to. */
export const RESOURCE_OUTPUT = 'Resource'

/** The output of a server's stack that names the bucket for sample data, where it has one. */
export const SAMPLE_DATA_BUCKET_OUTPUT = 'SampleDataBucket'

export function authorizationStackName(stage: string): string {
  return `${stage}-mcp-authorization`
}

export function serverStackName(stage: string, server: string): string {
  return `${stage}-mcp-server-${server}`
}

/** Every fixed physical name begins with the stage, so that two factories live in one account. */
export function physicalName(stage: string, name: string): string {
  return `${stage}-mcp-${name}`
}

/** The Athena workgroup of a server's tenant. */
export function athenaWorkgroup(stage: string, server: string, tenant: string): string {
  return `${physicalName(stage, server)}.${tenant}`
}

/** The Glue database of a server's tenant; of its name Athena takes letters, digits and `_` alone. */
export function glueDatabase(stage: string, server: string, tenant: string): string {
  return [stage, 'mcp', server, tenant].join('__').replaceAll('-', '_')
}

/** The secret that holds `{ clientId, clientSecret }` of the identity provider; made before the first deploy. */
export function connectionSecretName(stage: string, provider: string): string {
  return `${stage}-mcp/connection/${provider}`
}

/** The secret behind a skillset's `secret('<name>')`. */
export function serverSecretName(stage: string, server: string, name: string): string {
  return `${stage}-mcp/${server}/${name}`
}

/** The variable with the ARN of a skillset's secret: `google-service-account` -> `SECRET_GOOGLE_SERVICE_ACCOUNT`. */
export function secretVariable(name: string): string {
  return `SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
}
