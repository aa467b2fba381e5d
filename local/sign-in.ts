import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { interact } from './sign-in/interaction.ts'
import { errorPage, sendPage } from './sign-in/page.ts'
import { createProvider, INTERACTION_PATH } from './sign-in/provider.ts'
import type { SamplePerson } from './sign-in/sample-people.ts'
import { SIGN_OUT_PATH, signOut } from './sign-in/sign-out.ts'
import { loadSigningKeys } from './sign-in/signing-keys.ts'

export { type SamplePerson, samplePeople } from './sign-in/sample-people.ts'

/**
 * Starts what stands for Cognito and Google on this machine: a real OpenID provider with a sign-in page of sample
 * people. Its host is `127.0.0.1`, never `localhost`, so that its redirects to the factory are cross-site as in the
 * cloud. Sessions live in memory; the signing keys are kept in the state directory.
 * @returns its issuer; `stop` ends open connections too
 */
export async function startSignIn(options: {
  /** 0 takes a free one. */
  readonly port: number
  readonly people: readonly SamplePerson[]
  /** The factory's redirect URIs. */
  readonly callbacks: readonly string[]
  /** Where the user pool's client may send people after they signed out. */
  readonly signedOut?: readonly string[]
  readonly publicClientId: string
  readonly confidentialClient?: { readonly id: string; readonly secret: string }
  readonly stateDirectory: string
}): Promise<{ issuer: string; stop(): Promise<void> }> {
  const jwks = await loadSigningKeys(options.stateDirectory)
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve)
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = createProvider({ ...options, issuer, jwks })
  provider.on('server_error', (_context, error) => console.error('sign-in stand-in:', error))
  const openid = provider.callback()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0] ?? '/'
    if (path === SIGN_OUT_PATH)
      await signOut(provider, options.publicClientId, options.signedOut ?? [], request, response)
    else if (path.startsWith(INTERACTION_PATH)) await interact(provider, options.people, request, response)
    else openid(request, response)
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      console.error('sign-in stand-in:', error)
      sendPage(response, 500, errorPage('Something went wrong', 'The sign-in stand-in failed; its output says how.'))
    })
  })
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
