import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ADMITTED_CHECKS } from '../../../cli/doctor/admitted-checks.ts'
import { asker } from '../../../cli/doctor/exchange.ts'
import { judged } from '../../../cli/doctor/finding.ts'
import { healthyAdmitted } from './healthy-evidence.ts'

const PROGRESS = 'data: {"method":"notifications/progress"}\n\n'
const RESULT = 'data: {"result":{}}\n\n'

async function judgedStreaming(listener: RequestListener): Promise<string | undefined> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const exchange = await asker(5000)(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const evidence = { ...healthyAdmitted, progress: { ability: 'slow', exchange } }
    return judged('server', ADMITTED_CHECKS, evidence).find(({ check }) => check === 'streaming')?.level
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('over the wire', () => {
  it('a result that comes after its progress is streamed', async () => {
    const level = await judgedStreaming((_request, response) => {
      response.write(PROGRESS)
      setTimeout(() => response.end(RESULT), 50)
    })
    expect(level).toBe('green')
  })

  it('one that a proxy has collected is not', async () => {
    const level = await judgedStreaming((_request, response) => response.end(PROGRESS + RESULT))
    expect(level).toBe('red')
  })
})

describe('an answer', () => {
  it.each([
    ['nobody gives', undefined, { status: 0, failure: 'ECONNREFUSED' }],
    ['that never comes', () => undefined, { status: 0, failure: 'no answer within 0.2 s' }],
    [
      'that leads elsewhere is not followed',
      ((_request, response) =>
        response.writeHead(302, { location: 'https://elsewhere.example' }).end()) as RequestListener,
      { status: 302 },
    ],
    [
      'without end is cut',
      ((_request, response) => response.end(Buffer.alloc(2_000_000))) as RequestListener,
      { status: 200, failure: 'more than 1048576 bytes' },
    ],
  ])('%s', async (_, listener, expected) => {
    const server = createServer(listener)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (listener === undefined) server.close()
    expect(await asker(200)(`http://127.0.0.1:${port}`)).toMatchObject(expected)
    server.closeAllConnections()
    server.close()
  })
})
