import { CommandFailure, EXIT } from '../command-failure.ts'

/** One name as each place writes it. */
export interface AbilityName {
  /** Of the MCP tool: `cancel_event`. */
  readonly tool: string
  /** Of the files, without `.ts`: `cancel-event`. */
  readonly file: string
  /** Of what the file exports: `cancelEvent`. */
  readonly identifier: string
  /** In words: `Cancel event`. */
  readonly title: string
}

const NAME = /^(?=.{1,40}$)[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/

/** Words that no binding of an ES module may bear. */
const RESERVED =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  )

/** What the written files import or name already. */
const TAKEN = ['alice', 'call', 'defineAbility', 'defineSkillset', 'expect', 'it', 'z']

/** @throws CommandFailure saying what a name may be */
export function abilityName(given: string): AbilityName {
  const words = given.split(/[-_]/)
  const identifier = words.map((word, at) => (at === 0 ? word : capitalized(word))).join('')
  if (!NAME.test(given) || RESERVED.includes(identifier))
    throw new CommandFailure(
      `name: found ${JSON.stringify(given)}; allowed: at most 40 lower-case letters and digits in words joined by _ or -, such as cancel_event${RESERVED.includes(given) ? ', and no word that JavaScript reserves' : ''}`,
      EXIT.wrongUsage,
    )
  if (TAKEN.includes(identifier))
    throw new CommandFailure(
      `name: found ${JSON.stringify(given)}; allowed: any but ${TAKEN.join(', ')}, which the files use for something else`,
      EXIT.wrongUsage,
    )
  return { tool: words.join('_'), file: words.join('-'), identifier, title: capitalized(words.join(' ')) }
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
