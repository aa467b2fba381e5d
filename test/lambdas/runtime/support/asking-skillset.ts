import { setTimeout as sleep } from 'node:timers/promises'
import { inputRequired } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../../lambdas/runtime/define-skillset.ts'
import { type Instance, serve } from '../../../../lambdas/runtime/serve.ts'
import { ENVIRONMENT, keptLog } from './sample-skillset.ts'
import './aws-lambda.ts'

/** What the abilities did, for a test to look at. */
export interface Deeds {
  readonly done: string[]
  runs: number
  /** What is read before the question, and may change between two runs. */
  attendees: number
}

const text = z.object({ text: z.string() })

function abilities(deeds: Deeds) {
  const eraseOf = (name: string, level: 'everyday' | 'privileged') =>
    defineAbility({
      name,
      title: 'Erase',
      description: 'Erases what is named, once the person agrees.',
      scope: `sample:${level}`,
      level,
      confirms: true,
      input: z.strictObject({ what: z.string() }),
      output: text,
      async run({ what }, { confirm }) {
        deeds.runs++
        await confirm(`Erase ${what} of ${deeds.attendees} people?`)
        deeds.done.push(what)
        return { text: `erased ${what}` }
      },
    })
  const rename = defineAbility({
    name: 'rename',
    title: 'Rename',
    description: 'Asks for two things, one after the other.',
    scope: 'sample:everyday',
    confirms: true,
    input: z.strictObject({}),
    output: text,
    async run(_input, { confirm }) {
      const { name } = await confirm('What is the new name?', { schema: z.object({ name: z.string() }) })
      await confirm(`Rename it to ${name}?`)
      return { text: name }
    },
  })
  const consult = defineAbility({
    name: 'consult',
    title: 'Consult',
    description: 'Asks the client’s model and folders.',
    scope: 'sample:everyday',
    input: z.strictObject({}),
    output: text,
    async run(_input, { ask }) {
      const question = { role: 'user' as const, content: { type: 'text' as const, text: 'What is the capital?' } }
      const answers = await ask({
        capital: inputRequired.createMessage({ messages: [question], maxTokens: 10 }),
        folders: inputRequired.listRoots(),
      })
      return { text: JSON.stringify(answers) }
    },
  })
  const careless = defineAbility({
    name: 'careless',
    title: 'Careless',
    description: 'Catches everything.',
    scope: 'sample:everyday',
    confirms: true,
    input: z.strictObject({}),
    output: text,
    async run(_input, { confirm }) {
      await confirm('Sure?').catch(() => undefined)
      deeds.done.push('careless')
      return { text: 'done' }
    },
  })
  const wait = defineAbility({
    name: 'wait',
    title: 'Wait',
    description: 'Waits until it is aborted.',
    scope: 'sample:everyday',
    timeout: 60,
    input: z.strictObject({ milliseconds: z.number() }),
    output: text,
    async run({ milliseconds }, { signal }) {
      signal.addEventListener('abort', () => deeds.done.push(`aborted: ${signal.reason.code}`))
      await sleep(milliseconds, undefined, { signal })
      return { text: 'waited' }
    },
  })
  const brief = defineAbility({
    name: 'brief',
    title: 'Brief',
    description: 'Has a tenth of a second for itself.',
    scope: 'sample:everyday',
    confirms: true,
    timeout: 0.1,
    input: z.strictObject({ asks: z.boolean() }),
    output: text,
    async run({ asks }, { confirm, signal }) {
      if (asks) await confirm('Sure?')
      else await sleep(10_000, undefined, { signal })
      return { text: 'in time' }
    },
  })
  return [eraseOf('erase', 'everyday'), eraseOf('erase_for_all', 'privileged'), rename, consult, careless, wait, brief]
}

/** A handler of a skillset whose abilities ask, and what they did. */
export function askingServer(instance: Partial<Instance>) {
  const deeds: Deeds = { done: [], runs: 0, attendees: 3 }
  const { lines: log, ...kept } = keptLog()
  const skillset = defineSkillset({
    name: 'asking',
    title: 'Asking',
    instructions: 'For tests.',
    abilities: abilities(deeds),
  })
  return { handler: serve(skillset, { environment: ENVIRONMENT, ...kept, ...instance }), deeds, log }
}
