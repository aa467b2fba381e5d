import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between a browser and the identity provider. */
export interface SignInFront extends AsyncDisposable {
  readonly port: number
  /**
   * Whether the provider answers at once for who is signed in there, as providers do that know no `prompt`: then nothing
   * of the person's lies between the form and the client.
   */
  silent: boolean
}

/** @param signIn the identity provider's origin */
export async function startSignInFront(signIn: string): Promise<SignInFront> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', signIn)
    if (front.silent) url.searchParams.delete('prompt')
    const { method, headers } = request
    const forwarded = forward(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => request.socket.destroy())
    request.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const front: SignInFront = {
    port: (server.address() as AddressInfo).port,
    silent: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
  return front
}
