import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TokenServerModule } from './token-server.ts'

/** What the bench asks of a server's process, beside the requests that are measured. */
export type Question =
  | { readonly ask: 'codes'; readonly count: number }
  | { readonly ask: 'accepts'; readonly accessToken: string }
  | { readonly ask: 'cpu' }

/** The process of one server: `node bench/tokens/serve.ts <module> [variant]`. It says where it listens, then answers questions. */
const [module = '', variant] = process.argv.slice(2)
const { start } = (await import(module)) as TokenServerModule
const server = await start(variant)
const http = createServer(server.listener).listen(0, '127.0.0.1')
await once(http, 'listening')

process.on('message', async (question: Question) => process.send?.(await answer(question)))
process.on('disconnect', () => process.exit())
process.send?.({ port: (http.address() as AddressInfo).port, tokenPath: server.tokenPath })

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'codes':
      return server.issueCodes(question.count)
    case 'accepts':
      return server.accepts(question.accessToken)
    case 'cpu': {
      const { user, system } = process.cpuUsage()
      return user + system
    }
  }
}
