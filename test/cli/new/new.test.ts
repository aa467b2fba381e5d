import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Template } from '../../../local/cloud-assembly.ts'
import { readCloudAssembly } from '../../../local/cloud-assembly.ts'
import { copyProject, type ProjectCopy } from '../../support/project-copy.ts'

interface Guidance {
  readonly files: readonly { readonly file: string; readonly line: number }[]
  readonly test: string
  readonly call: string
  readonly stack: string
  readonly resources: readonly string[]
  readonly notes: readonly string[]
}

let project: ProjectCopy
let before: ReadonlyMap<string, Template>
let after: ReadonlyMap<string, Template>
const added: Guidance[] = []

const factory = (...parameters: string[]) => project.node('bin/factory.ts', ['new', ...parameters])

async function add(...parameters: string[]): Promise<Guidance> {
  const { code, stdout, stderr } = await factory(...parameters, '--json')
  expect(code, stderr).toBe(0)
  const guidance = JSON.parse(stdout) as Guidance
  added.push(guidance)
  return guidance
}

async function synthesize(folder: string): Promise<ReadonlyMap<string, Template>> {
  const environment = {
    CDK_OUTDIR: `${project.path}/${folder}`,
    // For this machine: of another, packages of native code would be downloaded.
    CDK_CONTEXT_JSON: JSON.stringify({ origin: 'http://localhost:4100' }),
    CDK_VALIDATION: 'false',
  }
  const { code, stderr } = await project.node('bin/app.ts', [], environment)
  expect(code, stderr).toBe(0)
  return new Map(readCloudAssembly(`${project.path}/${folder}`).map(({ name, template }) => [name, template]))
}

/** The types of the resources that differ, each once. */
function changedTypes(stack: string): string[] {
  const [one = {}, other = {}] = [before, after].map((templates) => templates.get(stack)?.Resources)
  const ids = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  const changed = ids.filter((id) => JSON.stringify(one[id]) !== JSON.stringify(other[id]))
  return [...new Set(changed.map((id) => (other[id] ?? one[id])?.Type ?? ''))].sort()
}

beforeAll(async () => {
  project = await copyProject()
  before = await synthesize('before')
  await add('ability', 'productivity', 'probe_everyday')
  await add('ability', 'devops', 'probe_privileged', '--scope', 'probe:run', '--privileged')
  await add('server', 'probe-server', '--title', "Bob's probe")
  after = await synthesize('after')
}, 120_000)
afterAll(() => project?.remove())

describe('what new ability and new server write', () => {
  const files = () => [...new Set(added.flatMap((each) => each.files.map(({ file }) => file)))]

  it('passes the type check as it is', { timeout: 60_000 }, async () => {
    await project.write('tsconfig.new.json', JSON.stringify({ extends: './tsconfig.app.json', include: files() }))
    const { stdout, code } = await project.node('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.new.json'])
    expect(code, stdout).toBe(0)
  })

  it('passes lint and format as it is', async () => {
    const { stdout, stderr, code } = await project.node('node_modules/@biomejs/biome/bin/biome', ['check', ...files()])
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain(`Checked ${files().length} files`)
  })

  it('passes its tests at once', { timeout: 60_000 }, async () => {
    const tests = files().filter((file) => file.endsWith('.test.ts'))
    expect(tests).toHaveLength(3)
    const { stdout, code } = await project.node('node_modules/vitest/vitest.mjs', ['run', ...tests])
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/3 passed/)
  })

  it('names the lines that were added to files that were there', async () => {
    const [ability] = added
    const lines = await Promise.all(
      (ability?.files ?? []).slice(2).map(async ({ file, line }) => (await project.read(file)).split('\n')[line - 1]),
    )
    expect(lines[0]).toBe("import { probeEveryday } from './abilities/probe-everyday.ts'")
    expect(lines[1]).toContain('probeEveryday')
  })

  it('is called by one line, as the person who may', () => {
    const [everyday, privileged, server] = added
    for (const { call } of added) expect(call).toMatch(/^curl [^\n]+ -d '\{"jsonrpc":"2.0",[^']+\}'$/)
    expect(everyday?.call).toContain(
      '/productivity/mcp -H "Authorization: Bearer $(npm run --silent factory -- token productivity --as alice)"',
    )
    expect(privileged?.call).toContain('token devops --as bob --scope probe:run)')
    expect(server?.call).toContain('"name":"say_back","arguments":{"text":"hello"}')
  })
})

describe('the templates afterwards', () => {
  it('differ in the stacks that were told, and in no other', () => {
    const differing = [...after.keys()].filter((stack) => changedTypes(stack).length > 0)
    expect(differing.sort()).toEqual(added.map(({ stack }) => stack).sort())
    expect([...before.keys()].filter((stack) => !after.has(stack))).toEqual([])
  })

  it('a new everyday scope changes challenge, metadata, their deployment, registration and code', () => {
    expect(changedTypes('prod-mcp-server-productivity')).toEqual([
      'AWS::ApiGateway::Deployment',
      'AWS::ApiGateway::GatewayResponse',
      'AWS::ApiGateway::Method',
      'AWS::ApiGateway::Stage',
      'AWS::Lambda::Function',
      'Custom::McpServer',
    ])
    expect(added[0]?.resources).toHaveLength(5)
  })

  it('a new privileged scope is in no challenge: it changes registration and code', () => {
    expect(changedTypes('prod-mcp-server-devops')).toEqual(['AWS::Lambda::Function', 'Custom::McpServer'])
    expect(added[1]?.resources).toEqual(['the registration', 'the code of its functions'])
  })
})

describe('refused, with what is allowed, and nothing is written', () => {
  it.each<[string[], number, string]>([
    [['ability', 'nobody', 'x'], 2, 'server: found "nobody"; allowed: one of productivity, devops, probe-server'],
    [['ability', 'productivity', 'other', '--scope', 'a b'], 2, '--scope: found "a b"; allowed: letters'],
    [['ability', 'productivity', 'other', '--scope', 'probe:run'], 2, 'allowed: one server per scope'],
    [['ability', 'productivity', 'probe-everyday'], 1, 'productivity has an ability or a prompt of that name already'],
    [['server', 'token'], 2, 'name: found "token"; allowed: any but authorize, consent'],
    [['server', 'devops'], 1, 'name: found "devops"; allowed: any but those there are: productivity, devops'],
    [['server', 'notes', '--title', 'a "b"'], 2, '--title: found "a \\"b\\""; allowed: at most 60'],
  ])('%j', async (parameters, exitCode, message) => {
    const { code, stdout, stderr } = await factory(...parameters)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^ +at /m)
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
  })

  it('a file that is there is not overwritten', async () => {
    const mine = 'lambdas/skillsets/productivity/abilities/mine.ts'
    await project.write(mine, '// mine\n')
    const { code, stderr } = await factory('ability', 'productivity', 'mine')
    expect(stderr).toBe(`${mine}: there already, and nothing is overwritten. Choose another name.\n`)
    expect(code).toBe(1)
    expect(await project.read(mine)).toBe('// mine\n')
  })
})

it('a file that looks otherwise is left alone, and what to add is told', async () => {
  const path = 'lambdas/skillsets/probe-server/skillset.ts'
  const source = (await project.read(path)).replace('[sayBack]', '[sayBack /* mine */]')
  await project.write(path, source)
  const { code, stdout, stderr } = await factory('ability', 'probe-server', 'by_hand')
  expect(code).toBe(1)
  expect(stdout).toContain('abilities/by-hand.ts:1')
  expect(stderr).toContain(`${path} does not look as expected and was left as it is. Add by hand:`)
  expect(stderr).toContain("import { byHand } from './abilities/by-hand.ts'")
  expect(await project.read(path)).toBe(source)
})

it('a skillset that does not load is told with file, line and column', async () => {
  const path = 'lambdas/skillsets/probe-server/skillset.ts'
  await project.write(path, 'export default {\n  a: 1\n  b: 2,\n}\n')
  const { code, stderr } = await factory('ability', 'productivity', 'other')
  expect(stderr).toBe(`skillset probe-server cannot be loaded:\n  ${path}:3:3: Expected ',', got 'ident'\n`)
  expect(code).toBe(2)
})

it.each(['ability', 'server'])('new %s --help has examples and exit codes', async (kind) => {
  const { code, stdout } = await factory(kind, '--help')
  expect(code).toBe(0)
  expect(stdout).toContain(`npm run factory -- new ${kind}`)
  expect(stdout).toContain('Exit codes:')
})
