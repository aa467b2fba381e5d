import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditedActs } from '../../../cli/audited-act.ts'
import { AUDIT_EVENTS } from '../../../lambdas/audit/catalogue.ts'
import { openTable } from '../../../lambdas/store/table.ts'
import { AUTHORIZATION_SERVER_PARTITIONS } from '../../../lib/factory-table-access.ts'
import { AUTHORIZATION_STACK, POLICY, serverDocument, stackId } from '../registrar/cloudformation.ts'
import { startRegistrar } from '../registrar/registrar.ts'
import { type LocalTable, startLocalTable, TABLE_NAME } from '../store/local-table.ts'
import { namesOf, type Recorded } from './recorded.ts'

describe('a registrar', () => {
  const policy = {
    StackId: stackId(AUTHORIZATION_STACK),
    ResourceType: 'Custom::McpPolicy',
    ResourceProperties: { Policy: JSON.stringify(POLICY) },
  }

  it('tells of servers and of the policy, who wrote them and who may not', async () => {
    await using registrar = await startRegistrar()
    const happened = () => {
      const events = registrar.logged.splice(0).map((line) => {
        const [audit, fields] = line as [string, object]
        return { ...fields, audit } as Recorded
      })
      return { names: namesOf(events), events }
    }
    const { PhysicalResourceId } = await registrar.create(serverDocument('devops'))
    expect(happened()).toMatchObject({
      names: ['server.registered'],
      events: [
        { server: 'devops', logicalId: 'Registration', stack: expect.stringContaining('prod-mcp-server-devops') },
      ],
    })
    await registrar.create(serverDocument('devops'), 'prod-mcp-server-other')
    expect(happened()).toMatchObject({
      names: ['registration.refused'],
      events: [{ detail: 'another stack has registered a server named devops' }],
    })
    await registrar.remove(PhysicalResourceId, 'prod-mcp-server-other')
    expect(happened().names, 'another’s Delete removes nothing').toEqual(['registration.refused'])
    await registrar.remove(PhysicalResourceId)
    expect(happened().names).toEqual(['server.removed'])
    await registrar.ask({ ...policy, RequestType: 'Create' })
    expect(happened().names).toEqual(['policy.registered'])
    await registrar.ask({ ...policy, RequestType: 'Delete', PhysicalResourceId: 'policy' })
    expect(happened().names).toEqual(['policy.removed'])
    await registrar.ask({ ...policy, RequestType: 'Rename' })
    expect(happened().names).toEqual(['registration.refused'])
  })
})

describe('an act at the command line', () => {
  let table: LocalTable
  beforeAll(async () => {
    table = await startLocalTable()
  })
  afterAll(() => table.close())

  const NOW = Date.UTC(2026, 10, 22, 23, 59, 58)
  const open = () => openTable(table.client, TABLE_NAME, () => NOW / 1000)
  const act = auditedActs(
    { put: (...item) => open().put(...item) },
    async () => 'AKIAEXAMPLE',
    () => NOW,
  )
  const records = async () => {
    const items = await open().query('AUDIT#2026-11-22')
    for (const { sk, pk } of items) await open().delete({ pk: String(pk), sk: String(sk) })
    return items
  }

  it.each(
    Object.entries(AUDIT_EVENTS).flatMap(([name, { by }]) => (by === 'command line' ? [name] : [])),
  )('%s is recorded before it is done, and then that it is done, for 400 days', async (name) => {
    const about = name.startsWith('person') ? { email: 'eve@example.com' } : { compromised: 'signing' }
    const result = await act(name as 'person.blocked', about, async () => {
      const before = await open().query('AUDIT#2026-11-22')
      expect(before).toMatchObject([{ outcome: 'begun' }])
      return 'result'
    })
    expect(result).toBe('result')
    const [item, ...more] = await records()
    expect(more).toEqual([])
    const { pk: _, sk, expiresAt, audit, ...fields } = item ?? {}
    expect([sk, expiresAt]).toEqual([
      expect.stringMatching(/^23:59:58\.000Z#[0-9a-f-]{36}$/),
      NOW / 1000 + 400 * 86_400,
    ])
    expect(namesOf([{ audit: String(audit), ...fields }])).toEqual([name])
    expect(fields).toMatchObject({ ...about, by: 'AKIAEXAMPLE', outcome: 'done' })
  })

  it('that fails is recorded as failed', async () => {
    const failing = act('person.revoked', { email: 'eve@example.com' }, async () => {
      throw new Error('half way')
    })
    await expect(failing).rejects.toThrow('half way')
    expect(await records()).toMatchObject([{ outcome: 'failed' }])
  })

  it('that cannot be recorded is not done', async () => {
    const broken = auditedActs(
      { put: () => Promise.reject(new Error('no')) },
      async () => 'AKIAEXAMPLE',
      () => NOW,
    )
    let done = false
    const blocking = broken('person.blocked', { email: 'eve@example.com' }, async () => {
      done = true
    })
    await expect(blocking).rejects.toThrow('no')
    expect(done).toBe(false)
  })

  it('is recorded where the authorization server may not write', () => {
    expect(
      AUTHORIZATION_SERVER_PARTITIONS.filter((partition) => 'AUDIT#'.startsWith(partition.replace('*', ''))),
    ).toEqual([])
  })
})
