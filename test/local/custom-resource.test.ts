import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deployCustomResources } from '../../local/custom-resource.ts'
import type { Invocation, LambdaService } from '../../local/invocation.ts'
import type { Stack } from '../../local/stack.ts'
import { resource, temporaryDirectory } from './hand-made.ts'

const TOKEN = 'arn:aws:lambda:us-east-1:000000000000:function:registrar'

interface Event {
  readonly RequestType: string
  readonly ResponseURL: string
  readonly StackId: string
  readonly LogicalResourceId: string
  readonly PhysicalResourceId?: string
  readonly ResourceProperties: Readonly<Record<string, unknown>>
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>
}

/** A provider in this process that answers as `answer` says. */
function provider(answer: (event: Event) => object | undefined = () => ({ Status: 'SUCCESS' })) {
  const events: Event[] = []
  const lambda: LambdaService = {
    async invoke(_arn, given): Promise<Invocation> {
      const event = given as Event
      events.push(event)
      const body = answer(event)
      if (body === undefined) return { kind: 'failed', reason: 'crashed', errorType: 'Crash', errorMessage: 'gone' }
      const { status } = await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(body) })
      expect(status).toBe(200)
      return { kind: 'returned', payload: null }
    },
  }
  return { lambda, events, path: join(temporaryDirectory(), 'custom-resources.json') }
}

function server(name: string, properties: object = {}): Stack {
  const registration = resource('Custom::McpServer', 'Registration', 'id', {
    ServiceToken: TOKEN,
    ServiceTimeout: 120,
    ...properties,
  })
  return { name, resources: [registration], outputs: {} }
}

const created = ({ StackId }: Event) => ({ Status: 'SUCCESS', PhysicalResourceId: `made-by ${StackId.split('/')[1]}` })

test('PLATFORM 23d: creates once, with every property as text', async () => {
  const { lambda, events, path } = provider(created)
  const stacks = [server('a', { Registration: '{"x":1}', Flag: true })]
  await deployCustomResources(stacks, lambda, path)
  await deployCustomResources(stacks, lambda, path)
  expect(events).toMatchObject([
    {
      RequestType: 'Create',
      StackId: expect.stringContaining(':stack/a/'),
      LogicalResourceId: 'Registration',
      ResourceProperties: { ServiceToken: TOKEN, ServiceTimeout: '120', Registration: '{"x":1}', Flag: 'true' },
    },
  ])
})

test('updates what has changed, and says what it was', async () => {
  const { lambda, events, path } = provider(created)
  await deployCustomResources([server('a', { Registration: '1' })], lambda, path)
  await deployCustomResources([server('a', { Registration: '2' })], lambda, path)
  expect(events[1]).toMatchObject({
    RequestType: 'Update',
    PhysicalResourceId: 'made-by a',
    ResourceProperties: { Registration: '2' },
    OldResourceProperties: { Registration: '1' },
  })
  expect(events).toHaveLength(2)
})

test('deletes what is gone, before it creates what is new', async () => {
  const { lambda, events, path } = provider(created)
  await deployCustomResources([server('a'), server('b')], lambda, path)
  await deployCustomResources([server('b'), server('c')], lambda, path)
  expect(events.slice(2)).toMatchObject([
    { RequestType: 'Delete', PhysicalResourceId: 'made-by a' },
    { RequestType: 'Create', StackId: expect.stringContaining(':stack/c/') },
  ])
})

test('a new physical id in an update replaces: the old one is deleted', async () => {
  let made = 0
  const { lambda, events, path } = provider(() => ({ Status: 'SUCCESS', PhysicalResourceId: `id-${++made}` }))
  await deployCustomResources([server('a', { Registration: '1' })], lambda, path)
  await deployCustomResources([server('a', { Registration: '2' })], lambda, path)
  expect(events[2]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'id-1' })
})

test('PLATFORM 23d: a refused create stops with the reason, is rolled back, and is tried again', async () => {
  const refuse = ({ RequestType }: Event) =>
    RequestType === 'Create' ? { Status: 'FAILED', Reason: 'the name is taken' } : { Status: 'SUCCESS' }
  const { lambda, events, path } = provider(refuse)
  const start = () => deployCustomResources([server('a')], lambda, path)
  await expect(start()).rejects.toThrow(
    'Create of Custom::McpServer Registration in stack a was refused: the name is taken',
  )
  await expect(start()).rejects.toThrow('the name is taken')
  expect(events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete', 'Create', 'Delete'])
})

test('a refused update keeps what was there, and is tried again', async () => {
  const refuse = (event: Event) =>
    event.RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no' } : created(event)
  const { lambda, events, path } = provider(refuse)
  await deployCustomResources([server('a', { Registration: '1' })], lambda, path)
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(deployCustomResources([server('a', { Registration: '2' })], lambda, path)).rejects.toThrow('no')
  expect(events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Update', 'Update'])
})

test('a provider that dies before it answers is told at once', async () => {
  const { lambda, path } = provider(() => undefined)
  await expect(deployCustomResources([server('a')], lambda, path)).rejects.toThrow('Crash: gone')
})

test('a provider that never answers is waited for as long as ServiceTimeout says', async () => {
  const lambda: LambdaService = { invoke: async () => ({ kind: 'returned', payload: null }) }
  const path = join(temporaryDirectory(), 'custom-resources.json')
  const start = deployCustomResources([server('a', { ServiceTimeout: 0.05 })], lambda, path)
  await expect(start).rejects.toThrow('no answer in 0.05 s')
})

test('a response URL is good for its own event only', async () => {
  const { lambda, path } = provider((event) => ({ Status: 'SUCCESS', PhysicalResourceId: event.ResponseURL }))
  const invoke = lambda.invoke.bind(lambda)
  lambda.invoke = async (arn, event) => {
    const { ResponseURL } = event as Event
    expect((await fetch(`${ResponseURL}x`, { method: 'PUT', body: '{}' })).status).toBe(403)
    expect((await fetch(ResponseURL)).status).toBe(403)
    return invoke(arn, event)
  }
  await deployCustomResources([server('a')], lambda, path)
})
