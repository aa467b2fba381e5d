import { type Exchange, jsonOf } from './exchange.ts'

export const BACKEND =
  'is the server at the proxy’s url in factory.config.ts running, and reachable from where the proxy runs? docs/contracts.md says what each code means'

/** The code with which a proxy says that the server behind it failed; undefined where the answer is another. */
export function backendFailure(exchange: Exchange): string | undefined {
  const { data } = (jsonOf(exchange)?.error ?? {}) as { data?: { code?: unknown } }
  const code = data?.code
  return typeof code === 'string' && /^backend_[a-z_]+$/.test(code) ? code : undefined
}
