import { setTimeout as sleep } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import * as z from 'zod'
import { openAudit } from '../../../../lambdas/audit/audit.ts'
import type { AbilityContext } from '../../../../lambdas/runtime/ability-context.ts'
import { AbilityError } from '../../../../lambdas/runtime/ability-error.ts'
import { powertoolsLog } from '../../../../lambdas/runtime/ability-log.ts'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../../lambdas/runtime/define-skillset.ts'
import { type Instance, serve } from '../../../../lambdas/runtime/serve.ts'
import './aws-lambda.ts'
import { KEY_ALONE } from './conversation.ts'

/** What happened inside, for a test to look at. */
export interface SampleServices {
  readonly seen: AbilityContext<unknown>[]
}

const echo = defineAbility({
  name: 'echo',
  title: 'Echo',
  description: 'Says it again.',
  scope: 'sample:read',
  annotations: { readOnlyHint: true },
  input: z.strictObject({ text: z.string().max(20) }),
  output: z.object({ text: z.string(), person: z.string() }),
  run({ text }, context: AbilityContext<SampleServices>) {
    context.services.seen.push(context)
    return { text, person: context.person.email }
  },
})

const erase = defineAbility({
  name: 'erase',
  title: 'Erase everything',
  description: 'Erases.',
  scope: 'sample:erase',
  level: 'privileged',
  input: z.strictObject({}),
  output: z.object({ erased: z.boolean() }),
  run: () => ({ erased: true }),
})

const misbehave = defineAbility({
  name: 'misbehave',
  title: 'Misbehave',
  description: 'Does what it is told not to.',
  scope: 'sample:read',
  input: z.strictObject({
    how: z.enum(['refuse', 'throw', 'wrong_output', 'too_much', 'ignore_signal', 'late_progress']),
  }),
  output: z.object({ text: z.string() }),
  async run({ how }, { signal, progress, log }: AbilityContext<SampleServices>) {
    log.info('misbehaving', { requestId: 'forged', sub: 'forged', tenant: 'forged', audit: 'forged' })
    switch (how) {
      case 'refuse':
        throw new AbilityError('too_late', 'It is too late.', 'Come back tomorrow.', {
          cause: new Error('inner detail'),
        })
      case 'throw':
        throw new Error('password is marked-secret')
      case 'wrong_output':
        return { text: 7 } as unknown as { text: string }
      case 'too_much':
        return { text: 'x'.repeat(4_000_000) }
      case 'late_progress':
        signal.addEventListener('abort', () => setTimeout(() => steps.late.push(progress({ done: 99 })), 5))
        return await sleep(60_000, { text: 'never' }, { ref: false })
      case 'ignore_signal':
        return await sleep(60_000, { text: 'never' }, { ref: false })
    }
  },
})

/** Each step waits for the client to have seen the one before. */
export const steps = { release: [] as (() => void)[], late: [] as Promise<void>[] }

const report = defineAbility({
  name: 'report',
  title: 'Report progress',
  description: 'Reports progress.',
  scope: 'sample:read',
  input: z.strictObject({}),
  output: z.object({ done: z.boolean() }),
  async run(_input, { progress }: AbilityContext<SampleServices>) {
    await progress({ done: 1, total: 2, message: 'half' })
    await new Promise<void>((resolve) => steps.release.push(resolve))
    return { done: true }
  },
})

export const ENVIRONMENT = {
  ISSUER: 'https://mcp.example.com',
  RESOURCE: 'https://mcp.example.com/sample/mcp',
  SERVER_NAME: 'sample',
  OPTIONS: '{}',
  ALLOWED_ORIGINS: '["https://app.example.com"]',
  CONVERSATION_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:1:secret:conversation',
  CONVERSATION_TABLE_NAME: 'conversation',
}

/** Keeps what is logged, as the function would write it. */
export function keptLog() {
  const lines: string[] = []
  const logger = new Logger({ logLevel: 'DEBUG' })
  const keep = (line: string) => void lines.push(line)
  Object.assign(logger, { console: { debug: keep, info: keep, warn: keep, error: keep } })
  const audit = openAudit(keep, Date.now, () => ({ service: 'sample', trace: undefined }))
  return { lines, openLog: powertoolsLog(logger), audit }
}

export const sampleSkillset = (services: () => SampleServices) =>
  defineSkillset({
    name: 'sample',
    title: 'Sample',
    instructions: 'For tests.',
    services,
    abilities: [echo, erase, misbehave, report],
  })

/** A handler of the sample skillset, what its abilities saw, and its log. */
export function sampleServer(instance: Partial<Instance> = {}) {
  const seen: AbilityContext<unknown>[] = []
  const { lines: log, ...kept } = keptLog()
  const skillset = sampleSkillset(() => ({ seen }))
  return {
    handler: serve(skillset, { environment: ENVIRONMENT, ...kept, conversation: KEY_ALONE, ...instance }),
    seen,
    log,
  }
}
