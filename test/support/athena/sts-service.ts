import type { Caller } from '../../../local/aws-endpoint.ts'
import type { Principal } from '../../../local/iam.ts'
import { listenOnLoopback, readBody } from '../../../local/loopback-server.ts'
import { type Credentials, makeCredentials, verifySignature } from '../../../local/signature.ts'

export interface StsServiceOptions {
  /** Who may assume roles. */
  readonly caller: Caller
  /** By ARN. */
  readonly roles: Readonly<Record<string, Principal>>
  /** Where the credentials that are given become known. */
  readonly callers: Map<string, Caller>
}

/** AssumeRole by the query protocol: a form in, XML out. */
export async function startSts({ caller, roles, callers }: StsServiceOptions) {
  const assumed: string[] = []
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const body = (await readBody(request, 100_000)) ?? Buffer.alloc(0)
    const form = new URLSearchParams(body.toString())
    const send = (status: number, xml: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
    const known = new Map([[caller.credentials.accessKeyId, caller]])
    const arn = form.get('RoleArn') ?? ''
    const { principal } = verifySignature({ headers: request.headers, body }, 'sts', known, Date.now())
    const role = roles[arn]
    if (role === undefined || principal.decide('sts:AssumeRole', arn) !== 'allowed')
      return send(
        403,
        '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>',
      )
    const credentials = makeCredentials()
    callers.set(credentials.accessKeyId, { credentials, principal: role })
    assumed.push(arn)
    return send(200, assumedRole(credentials, Number(form.get('DurationSeconds'))))
  })
  return { url: `http://127.0.0.1:${port}`, assumed, close }
}

function assumedRole({ accessKeyId, secretAccessKey, sessionToken }: Credentials, seconds: number): string {
  const expiration = new Date(Date.now() + seconds * 1000).toISOString()
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
}
