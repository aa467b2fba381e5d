import type { ServerContext } from '@modelcontextprotocol/server'
import { inputResponse } from '@modelcontextprotocol/server'
import { argumentDigest } from '../argument-digest.ts'

/** What a client keeps between the rounds of one call: answers it gave before, and what it is asked now. */
export interface RequestState {
  /** By {@link questionId}. */
  readonly answers: Readonly<Record<string, unknown>>
  readonly asked: readonly string[]
}

/**
 * What an answer belongs to: the name of the question and all it says. A question that reads otherwise when the ability
 * is run again is another one, and asked anew.
 */
export function questionId(name: string, question: unknown): string {
  return `${name}.${argumentDigest(question)}`
}

const nameOf = (id: string) => id.slice(0, id.lastIndexOf('.'))

/** Adds what the client answers now, to what it was asked and to nothing else. */
export function collectAnswers({ answers, asked }: RequestState, responses: InputResponses): Map<string, unknown> {
  const collected = new Map(Object.entries(answers))
  for (const id of asked)
    if (inputResponse(responses, nameOf(id)).kind !== 'missing') collected.set(id, responses?.[nameOf(id)])
  return collected
}

type InputResponses = ServerContext['mcpReq']['inputResponses']
