// oidc-provider ships no types; this declares the part of it that the sign-in stand-in uses.

declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  export interface Client {
    readonly clientId: string
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  export interface Session {
    readonly accountId?: string
    destroy(): Promise<void>
  }

  export interface Interaction {
    readonly prompt: { readonly name: string }
    readonly params: Readonly<Record<string, unknown>>
    session?: { readonly accountId?: string } | undefined
    persist(): Promise<void>
  }

  export interface Context {
    type: string
    body: unknown
    readonly oidc: {
      readonly provider: Provider
      readonly client: Client
      readonly account: { readonly accountId: string }
    }
  }

  /** Koa's context before oidc-provider has added its own. */
  export interface PlainContext {
    readonly req: IncomingMessage
    readonly res: ServerResponse
  }

  export interface InteractionResult {
    readonly login?: { readonly accountId: string }
    readonly select_account?: Readonly<Record<string, never>>
    readonly error?: string
    readonly error_description?: string
  }

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    readonly issuer: string
    readonly Grant: new (properties: {
      readonly accountId: string
      readonly clientId: string
    }) => Grant
    readonly Session: { get(context: PlainContext): Promise<Session> }
    callback(): RequestListener
    createContext(request: IncomingMessage, response: ServerResponse): PlainContext
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: InteractionResult): Promise<void>
    on(event: 'server_error', listener: (context: Context, error: Error) => void): this
  }

  export const errors: {
    readonly OIDCProviderError: new (...parameters: never[]) => Error & { readonly error: string }
  }

  export interface Policy {
    add(prompt: object, index?: number): void
    remove(name: string): void
  }

  export const interactionPolicy: {
    base(): Policy
    readonly Prompt: new (options: { readonly name: string; readonly requestable: boolean }) => object
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** Makes an adapter factory whose models share one store in memory. */
  export function createMemoryAdapter(clockTolerance?: number): (model: string) => object
}
