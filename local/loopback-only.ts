import net from 'node:net'

/**
 * Loaded before a function's code: its connections reach this machine and nothing else. Every TCP connection of Node
 * goes through this method (http, https, tls and fetch included).
 */
const connect = net.Socket.prototype.connect as (this: net.Socket, ...parameters: unknown[]) => net.Socket

net.Socket.prototype.connect = function (this: net.Socket, ...parameters: unknown[]): net.Socket {
  const [first] = parameters
  // Node calls itself with its arguments already in a list.
  const target = Array.isArray(first) ? first[0] : first
  const host = hostOf(target, parameters[1])
  if (host === undefined || isLoopback(host)) return connect.apply(this, parameters)
  const refusal = Object.assign(
    new Error(`connect ENETUNREACH ${host}: on one machine, functions reach loopback addresses only`),
    { code: 'ENETUNREACH', syscall: 'connect', address: host },
  )
  process.nextTick(() => this.destroy(refusal))
  return this
} as typeof net.Socket.prototype.connect

/** undefined for a local socket's path. */
function hostOf(target: unknown, second: unknown): string | undefined {
  if (typeof target === 'object' && target !== null) {
    const { path, host } = target as { path?: string; host?: string }
    return path === undefined || path === null ? (host ?? 'localhost') : undefined
  }
  if (typeof target === 'string' && !/^\d+$/.test(target)) return undefined
  return typeof second === 'string' ? second : 'localhost'
}

/** Names are not looked up: the question itself would leave the machine. */
function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  if (net.isIPv4(name)) return name.startsWith('127.')
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost')
}
