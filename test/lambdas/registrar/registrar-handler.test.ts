import { describe, expect, it } from 'vitest'
import { AUTHORIZATION_STACK, POLICY, serverDocument, stackId } from './cloudformation.ts'
import { directoryItem, SERVER_STACK, serverItem, startRegistrar } from './registrar.ts'

describe('a server', () => {
  it('is registered for the stack that the event comes from, and listed', async () => {
    await using factory = await startRegistrar()
    const document = serverDocument('devops')
    expect(await factory.create(document)).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'server/devops',
      StackId: stackId(SERVER_STACK),
      RequestId: 'request-1',
      LogicalResourceId: 'Registration',
    })
    const item = await serverItem(factory.table, 'devops')
    expect(item).toMatchObject({ stack: SERVER_STACK, resource: document.resource })
    expect(JSON.parse(item?.doc ?? '')).toEqual(document)
    expect(await directoryItem(factory.table, 'devops')).toMatchObject({ pk: 'SERVERS', sk: 'devops' })
  })

  it('is the same after the same request again', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const before = await serverItem(factory.table, 'devops')
    expect((await factory.create(serverDocument('devops'))).Status).toBe('SUCCESS')
    expect(await serverItem(factory.table, 'devops')).toEqual(before)
  })

  it('is changed by its owner, its URL too', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const changed = serverDocument('devops', { title: 'Operations', resource: 'https://mcp.example.com/ops/mcp' })
    expect(await factory.update(changed, 'server/devops')).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'server/devops',
    })
    expect(JSON.parse((await serverItem(factory.table, 'devops'))?.doc ?? '')).toEqual(changed)
  })

  it('that changes its name is replaced: a new physical id, then CloudFormation deletes the old one', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const renamed = await factory.update(serverDocument('ops'), 'server/devops')
    expect(renamed.PhysicalResourceId).toBe('server/ops')
    await factory.remove('server/devops')
    expect(await serverItem(factory.table, 'devops')).toBeUndefined()
    expect(await directoryItem(factory.table, 'devops')).toBeUndefined()
    expect(await serverItem(factory.table, 'ops')).toBeDefined()
  })

  it('is deleted by its owner, twice if need be', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    for (let time = 0; time < 2; time++) {
      expect((await factory.remove('server/devops')).Status).toBe('SUCCESS')
      expect(await serverItem(factory.table, 'devops')).toBeUndefined()
      expect(await directoryItem(factory.table, 'devops')).toBeUndefined()
    }
  })

  it('stays when its resource gets another logical id: the new one is created before the old one is deleted', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'), SERVER_STACK, 'Registration')
    await factory.create(serverDocument('devops'), SERVER_STACK, 'RegistrationRenamed')
    expect((await factory.remove('server/devops', SERVER_STACK, 'Registration')).Status).toBe('SUCCESS')
    expect(await serverItem(factory.table, 'devops')).toBeDefined()
    expect(await directoryItem(factory.table, 'devops')).toBeDefined()
  })
})

describe('another stack', () => {
  it('cannot take a name, and the Delete of its rollback takes nothing either', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const before = await serverItem(factory.table, 'devops')
    const refused = await factory.create(serverDocument('devops', { resource: 'https://evil.test/mcp' }), 'evil-stack')
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: 'another stack has registered a server named devops' })
    expect(await factory.remove(refused.PhysicalResourceId, 'evil-stack')).toMatchObject({ Status: 'SUCCESS' })
    expect(await serverItem(factory.table, 'devops')).toEqual(before)
    expect(await directoryItem(factory.table, 'devops')).toBeDefined()
  })

  it('cannot change or delete what it does not own', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const before = await serverItem(factory.table, 'devops')
    expect((await factory.update(serverDocument('devops'), 'server/devops', 'evil-stack')).Status).toBe('FAILED')
    await factory.remove('server/devops', 'evil-stack')
    expect(await serverItem(factory.table, 'devops')).toEqual(before)
  })

  it('cannot say in a property who it is', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const refused = await factory.ask({
      RequestType: 'Create',
      StackId: stackId('evil-stack'),
      ResourceProperties: { Registration: JSON.stringify(serverDocument('devops')), StackId: stackId(SERVER_STACK) },
    })
    expect(refused.Status).toBe('FAILED')
  })

  it.each([
    'https://mcp.example.com/devops/mcp',
    'https://MCP.example.com/devops/mcp',
    'https://mcp.example.com:443/devops/mcp',
    'https://mcp.example.com/devops/mcp/',
  ])('cannot have the URL of another server, spelled %s', async (resource) => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    const refused = await factory.create(serverDocument('other', { resource }), 'other-stack')
    expect(refused.Status).toBe('FAILED')
    expect(await serverItem(factory.table, 'other')).toBeUndefined()
    expect(await directoryItem(factory.table, 'other')).toBeUndefined()
  })

  it('cannot change its own server to the URL of another: its registration stays as it was', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    await factory.create(serverDocument('other'), 'other-stack')
    const before = await serverItem(factory.table, 'other')
    const changed = serverDocument('other', { resource: 'https://mcp.example.com/devops/mcp' })
    expect(await factory.update(changed, 'server/other', 'other-stack')).toMatchObject({
      Status: 'FAILED',
      Reason: 'another server has the URL of Registration.resource',
      PhysicalResourceId: 'server/other',
    })
    expect(await serverItem(factory.table, 'other')).toEqual(before)
  })

  it('cannot have a URL by registering it at the same moment', async () => {
    await using factory = await startRegistrar()
    const resource = 'https://mcp.example.com/wanted/mcp'
    const names = ['one', 'two', 'three', 'four', 'five']
    await Promise.all(names.map((name) => factory.create(serverDocument(name, { resource }), `stack-${name}`)))
    const items = await Promise.all(names.map((name) => serverItem(factory.table, name)))
    expect(items.filter((item) => item !== undefined).length).toBeLessThanOrEqual(1)
  })
})

describe('the policy', () => {
  const POLICY_EVENT = {
    ResourceType: 'Custom::McpPolicy',
    LogicalResourceId: 'Policy',
    StackId: stackId(AUTHORIZATION_STACK),
    ResourceProperties: { Policy: JSON.stringify(POLICY) },
  }

  it('is written, changed and deleted by the authorization stack', async () => {
    await using factory = await startRegistrar()
    expect(await factory.ask({ RequestType: 'Create', ...POLICY_EVENT })).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'policy',
    })
    const changed = { ...POLICY, organisation: 'Renamed' }
    await factory.ask({
      RequestType: 'Update',
      PhysicalResourceId: 'policy',
      ...POLICY_EVENT,
      ResourceProperties: { Policy: JSON.stringify(changed) },
    })
    const item = await factory.table.get('POLICY', 'POLICY')
    expect(JSON.parse(item?.doc ?? '')).toEqual(changed)
    await factory.ask({ RequestType: 'Delete', PhysicalResourceId: 'policy', ...POLICY_EVENT })
    expect(await factory.table.get('POLICY', 'POLICY')).toBeUndefined()
  })

  it('is written or deleted by no other stack', async () => {
    await using factory = await startRegistrar()
    const StackId = stackId('prod-mcp-authorization-2')
    const refused = await factory.ask({ RequestType: 'Create', ...POLICY_EVENT, StackId })
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: 'only the authorization stack has a policy' })
    expect(await factory.table.get('POLICY', 'POLICY')).toBeUndefined()
    await factory.ask({ RequestType: 'Create', ...POLICY_EVENT })
    await factory.ask({ RequestType: 'Delete', PhysicalResourceId: 'policy', ...POLICY_EVENT, StackId })
    expect(await factory.table.get('POLICY', 'POLICY')).toBeDefined()
  })
})
