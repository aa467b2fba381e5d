import * as z from 'zod/mini'
import { parseJson } from '../../../model/parse-json.ts'
import type { Environment } from '../environment.ts'
import { UpstreamUnavailable } from './upstream-errors.ts'

/** What `npm run factory -- secrets set …` stores. */
const credentialsDocument = z.object({
  clientId: z.string().check(z.minLength(1)),
  clientSecret: z.string().check(z.minLength(1)),
})

/**
 * How we are known at the identity provider.
 * @throws UpstreamUnavailable where the secret cannot be read or holds no credentials; the message never holds any
 */
export async function readUpstreamCredentials(
  client: Environment['upstreamClient'],
  readSecret: (arn: string, version?: string) => Promise<string>,
): Promise<{ readonly clientId: string; readonly clientSecret?: string }> {
  if ('clientId' in client) return { clientId: client.clientId }
  let text: string
  try {
    text = await readSecret(client.secretArn, client.version)
  } catch (cause) {
    throw new UpstreamUnavailable('the upstream credentials cannot be read', { cause })
  }
  const parsed = credentialsDocument.safeParse(parseJson(text))
  if (!parsed.success) throw new UpstreamUnavailable('the upstream secret holds no credentials')
  return parsed.data
}
