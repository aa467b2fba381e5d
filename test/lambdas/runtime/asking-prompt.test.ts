import { Client } from '@modelcontextprotocol/client'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { definePrompt } from '../../../lambdas/runtime/define-prompt.ts'
import { defineResource } from '../../../lambdas/runtime/define-resource.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { connect } from './support/connect.ts'

const diary = defineSkillset({
  name: 'diary',
  title: 'Diary',
  instructions: 'For tests.',
  abilities: [],
  resources: [
    defineResource({
      uri: 'diary://today',
      title: 'Today',
      description: 'For tests.',
      scope: 'diary:read',
      mimeType: 'text/plain',
      async read({ confirm }) {
        await confirm('Open the diary?')
        return 'Dear diary'
      },
    }),
  ],
  prompts: [
    definePrompt({
      name: 'reflect',
      title: 'Reflect',
      description: 'For tests.',
      scope: 'diary:read',
      arguments: z.strictObject({ topic: z.string() }),
      complete: {
        async topic({ confirm }) {
          await confirm('Look into the diary?')
          return ['work']
        },
      },
      async messages({ topic }, { confirm }) {
        const { mood } = await confirm('How are you?', { schema: z.object({ mood: z.string() }) })
        return `Reflect on ${topic}, ${mood}.`
      },
    }),
  ],
})

async function clientWho(action: 'accept' | 'decline') {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  )
  client.setRequestHandler('elicitation/create', () => ({
    action,
    ...(action === 'accept' && { content: { mood: 'calm' } }),
  }))
  return await connect(diary, { as: { name: 'alice' }, services: undefined, client })
}

it('RS-07: a prompt and a resource may ask the person, too', async () => {
  const client = await clientWho('accept')
  const { messages } = await client.getPrompt({ name: 'reflect', arguments: { topic: 'work' } })
  expect(messages[0]?.content).toMatchObject({ text: 'Reflect on work, calm.' })
  expect((await client.readResource({ uri: 'diary://today' })).contents).toMatchObject([{ text: 'Dear diary' }])
  await client.close()
})

it('RS-07: a person who declines gets neither', async () => {
  const client = await clientWho('decline')
  const declined = { code: -32602, data: { code: 'declined' } }
  await expect(client.getPrompt({ name: 'reflect', arguments: { topic: 'work' } })).rejects.toMatchObject(declined)
  await expect(client.readResource({ uri: 'diary://today' })).rejects.toMatchObject(declined)
  await client.close()
})

it('a client that cannot ask is told so: neither takes an argument for it', async () => {
  const client = await connect(diary, { as: { name: 'alice' }, services: undefined })
  const cannotAsk = { code: -32021 }
  await expect(client.getPrompt({ name: 'reflect', arguments: { topic: 'work' } })).rejects.toMatchObject(cannotAsk)
  await expect(client.readResource({ uri: 'diary://today' })).rejects.toMatchObject(cannotAsk)
  await client.close()
})

it('a completion cannot ask: MCP has no answer to it that could', async () => {
  const client = await clientWho('accept')
  const ref = { type: 'ref/prompt', name: 'reflect' } as const
  await expect(client.complete({ ref, argument: { name: 'topic', value: '' } })).rejects.toMatchObject({
    code: -32603,
    data: { code: 'internal_error', requestId: 'request-1' },
  })
  await client.close()
})
