import type { FactoryFixture, HttpRequest } from '../factory-fixture.ts'
import { type Answer, type CodeOf, codeForm, codeIn, postToken } from '../journey.ts'

/** What an endpoint needs of the outside; `writes` are the table's, which can fail alone. */
export type Dependency = 'table' | 'writes' | 'keys' | 'upstream'

/** A request that does what its endpoint is for. */
export interface PreparedRequest {
  readonly request: HttpRequest
  /** Whether the answer did that: what it gives works. */
  done(answer: Answer): boolean | Promise<boolean>
}

/** One use of an endpoint. */
export interface EndpointUse {
  readonly name: string
  /** What an error looks like. */
  readonly errors: 'json' | 'page'
  /** Without one of these an instance that has just started cannot answer. */
  readonly needs: readonly Dependency[]
  prepare(factory: FactoryFixture): Promise<PreparedRequest>
}

export function isOk({ statusCode }: Answer): boolean {
  return statusCode === 200
}

function isCodeAnswer({ statusCode, headers, body }: Answer): boolean {
  return /[?;]code=/.test(statusCode === 302 ? String(headers?.Location) : (body ?? ''))
}

/** Whether the code that an answer leads to the client with gives tokens. */
export async function givesTokens(
  factory: FactoryFixture,
  reached: Omit<CodeOf, 'code'>,
  answer: Answer,
): Promise<boolean> {
  if (!isCodeAnswer(answer)) return false
  const { status } = await postToken(factory, codeForm({ ...reached, code: codeIn(answer) }))
  return status === 200
}
