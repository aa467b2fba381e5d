import { describe, expect, it } from 'vitest'
import { DEVOPS, PRODUCTIVITY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import { authorizeUrl, Browser, register } from './journey.ts'

const { factory, clientId } = await factoryOfFile()

const authorize = (parameters: Readonly<Record<string, string | undefined>> = {}, browser = new Browser(factory)) =>
  browser.get(authorizeUrl({ client_id: clientId, ...parameters }))

describe('the consent page', () => {
  it('AS-09: says who asks, for which server, with which permissions, where it goes; strictly without script', async () => {
    const answer = await authorize()
    expect(answer.statusCode).toBe(200)
    for (const text of [
      'Test client',
      'Productivity',
      PRODUCTIVITY.resource,
      'List calendar events',
      'Create a calendar event',
      'a program on your own computer, at port ',
      'Allow and continue with Google',
      'Do not allow',
    ])
      expect(answer.body).toContain(text)
    expect(answer.body).not.toMatch(/<script|javascript:|\son\w+=/i)
    expect(answer.headers?.['Cache-Control']).toBe('no-store')
  })

  it('AS-09: its cookie is bound to the browser and sealed', async () => {
    const answer = await authorize({ state: 'planted-state' })
    const [cookie = ''] = answer.cookies ?? []
    expect(cookie).toMatch(
      /^__Host-f\.[0-9a-z]+-[\w-]{22}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('planted')
    expect(answer.cookies).toHaveLength(1)
  })

  it('a client’s name is text, never markup', async () => {
    const name = `<img src=x onerror="alert('1')">\u202e\u0007`
    const { client_id } = await register(factory, { client_name: name })
    const answer = await authorize({ client_id })
    expect(answer.body).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;</bdi>')
    expect(answer.body).not.toContain('<img')
    expect(answer.body).not.toContain('\u202e')
  })

  it('a client’s name that shows as nothing is said to be none', async () => {
    const { client_id } = await register(factory, { client_name: '\u3164\u2800\u115f \u200b' })
    expect((await authorize({ client_id })).body).toContain('<bdi>An application without a name</bdi>')
  })

  it('AS-22: shows what was asked for, and the everyday scopes where nothing known was', async () => {
    expect((await authorize({ scope: 'calendar:read other' })).body).not.toContain('calendar:write')
    for (const scope of [undefined, '', 'unknown', 'offline_access'])
      expect((await authorize({ scope })).body).toContain('calendar:write')
  })

  it('CL-04: offers privileged scopes unticked, asked for or not', async () => {
    for (const scope of [undefined, 'health:read', 'health:read deploy:run']) {
      const { body } = await authorize({ resource: DEVOPS.resource, scope })
      expect(body).toContain('<input type="checkbox" name="scope" value="deploy:run">')
      expect(body).toContain('Trigger a deployment')
    }
  })

  it('does not offer what nobody may hold', async () => {
    const { privileged: _, ...nobody } = DEVOPS
    await factory.write({ servers: [nobody] })
    expect((await authorize({ resource: DEVOPS.resource })).body).not.toContain('deploy:run')
    await factory.write({ servers: [DEVOPS] })
  })

  it('AS-08: normalises scheme, host, port and one slash', async () => {
    expect((await authorize({ resource: 'HTTPS://MCP.example.com:443/productivity/mcp/' })).body).toContain(
      'Productivity',
    )
  })

  it('keeps at most three flows, and drops the oldest', async () => {
    const browser = new Browser(factory)
    const names: string[] = []
    for (let flow = 0; flow < 4; flow += 1) {
      await authorize({}, browser)
      names.push([...browser.cookies.keys()].at(-1) ?? '')
      factory.pass(1)
    }
    expect([...browser.cookies.keys()].toSorted()).toEqual(names.slice(1).toSorted())
  })

  it('keeps fewer when they are large: API Gateway bounds the headers', async () => {
    const browser = new Browser(factory)
    for (let flow = 0; flow < 3; flow += 1) {
      await authorize({ state: 'x'.repeat(1024), login_hint: 'y'.repeat(254) }, browser)
      factory.pass(1)
    }
    const bytes = [...browser.cookies].map(([name, value]) => name.length + value.length)
    expect(bytes).toHaveLength(2)
    expect(bytes[0]).toBeGreaterThan(7000 / 3)
  })
})
