import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type DatabaseSecret, tlsOf } from '../database-secret.ts'

/** What a running session is known by to the server. */
export interface SessionKey {
  readonly processID: number
  readonly secretKey: number
}

const CANCEL_REQUEST = 80_877_102
const SSL_REQUEST = 80_877_103
const PATIENCE_MS = 1_000

/**
 * Asks the server to end what a session runs, over a connection of its own, as the protocol has it (PostgreSQL 54.2.8),
 * encrypted like the session itself: whoever reads the key could cancel, too. `pg` sends it in the clear.
 * @throws Error where the server cannot be reached
 */
export async function cancelRequest(server: DatabaseSecret, { processID, secretKey }: SessionKey): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const socket = connectTcp(server.port, server.host)
  try {
    await once(socket, 'connect', { signal })
    const channel = await encrypted(socket, server, signal)
    channel.end(message(CANCEL_REQUEST, processID, secretKey))
    // The server acts first and closes then.
    channel.resume()
    await once(channel, 'close', { signal })
  } finally {
    socket.destroy()
  }
}

async function encrypted(socket: Socket, server: DatabaseSecret, signal: AbortSignal): Promise<Socket> {
  const tls = tlsOf(server)
  if (!tls) return socket
  socket.write(message(SSL_REQUEST))
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
  if (answer.toString() !== 'S') throw new Error('the server does not speak TLS')
  const channel = connectTls({
    ...tls,
    socket,
    host: server.host,
    ...(isIP(server.host) === 0 && { servername: server.host }),
  })
  await once(channel, 'secureConnect', { signal })
  return channel
}

function message(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length)
  bytes.writeInt32BE(bytes.length)
  for (const [index, word] of words.entries()) bytes.writeInt32BE(word, 4 * (index + 1))
  return bytes
}
