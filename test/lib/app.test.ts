import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../lib/load-config.ts'
import { authorizationStackName, serverStackName } from '../../model/names.ts'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..')
const SAMPLE_CONFIG = join(PROJECT_ROOT, 'local', 'demo', 'sample.config.ts')
const folder = mkdtempSync(join(tmpdir(), 'app-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The app as the local runner starts it: without the CLI. */
function app(environment: Record<string, string>, context: Record<string, unknown> = {}) {
  const outdir = join(folder, String(Math.random()))
  const { status, stderr } = spawnSync(process.execPath, [join(PROJECT_ROOT, 'bin', 'app.ts')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      ...environment,
    },
  })
  return { status, stderr, outdir }
}

function stackNames(outdir: string): string[] {
  const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'))
  return Object.values<{ type: string; properties?: { stackName?: string } }>(artifacts)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ properties }) => properties?.stackName ?? '')
}

function config(source: string): string {
  const file = join(folder, `${Math.random()}.ts`)
  const imports = `import { defineFactory } from ${JSON.stringify(join(PROJECT_ROOT, 'model', 'factory-config.ts'))}\n`
  writeFileSync(file, imports + source)
  return file
}

describe('node bin/app.ts, without the CLI', () => {
  it('synthesizes factory.config.ts as it is: a stack for the authorization server, and one per server', {
    timeout: 60_000,
  }, async () => {
    // For this machine: of another, packages of native code would be downloaded.
    const { status, stderr, outdir } = app({}, { origin: 'http://localhost:4100' })
    expect(status, stderr).toBe(0)
    const { stage, servers } = await loadConfig({})
    const expected = [
      authorizationStackName(stage),
      ...Object.keys(servers).map((name) => serverStackName(stage, name)),
    ]
    expect(stackNames(outdir).sort()).toEqual(expected.sort())
  })

  it('writes all stacks, with the strict validation of cdk.json (PLATFORM 20), and the bundles', {
    timeout: 60_000,
  }, () => {
    const context = { origin: 'http://localhost:4100', tracing: 'off' }
    const { status, stderr, outdir } = app({ FACTORY_CONFIG: SAMPLE_CONFIG }, context)
    expect(status, stderr).toBe(0)
    for (const name of ['prod-mcp-authorization', 'prod-mcp-server-productivity', 'prod-mcp-server-devops'])
      expect(stackNames(outdir)).toContain(name)
    expect(existsSync(join(outdir, 'validation-report.json'))).toBe(true)

    const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'))
    // The others are the notes in place of layers.
    const bundles = assets.filter((name) => existsSync(join(outdir, name, 'index.mjs')))
    expect(bundles.length).toBeGreaterThan(4)
    for (const bundle of bundles) {
      expect(
        readdirSync(join(outdir, bundle))
          .filter((name) => name !== 'processes')
          .sort(),
      ).toEqual(['index.mjs', 'index.mjs.map'])
      const { sources } = JSON.parse(readFileSync(join(outdir, bundle, 'index.mjs.map'), 'utf8'))
      for (const source of sources) expect(source).toMatch(/^(?:lambdas|model|node_modules)\//)
    }
  })

  it('shows what is wrong in the config: a line per value, no stack trace, exit code 1', () => {
    const file = config("export default defineFactory({ stage: 'PROD', organisation: '' } as never)")
    const { status, stderr } = app({ FACTORY_CONFIG: file })
    expect(status).toBe(1)
    expect(stderr).toContain(`${file} is wrong:\n  stage: found "PROD"; allowed: `)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it('shows a file that is not there, and a skillset that is not there', () => {
    expect(app({ FACTORY_CONFIG: 'none.ts' }).stderr).toMatch(/FACTORY_CONFIG: found .*none\.ts/)
    const file = config(`export default defineFactory({
      stage: 'dev',
      organisation: 'Example',
      connection: { provider: 'google', via: 'direct', allowedDomains: ['example.com'] },
      tenants: { 'example.com': 'example' },
      servers: { one: { skillset: 'no-such-skillset' } },
    })`)
    const { status, stderr } = app({ FACTORY_CONFIG: file })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^servers\.one\.skillset: found "no-such-skillset"; allowed: a folder below /)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it('shows what constructs find, once and without a stack trace', { timeout: 60_000 }, () => {
    const file = config(`const origin = (n: number) => 'https://' + 'x'.repeat(60) + n + '.example.com'
export default defineFactory({
      stage: 'dev',
      organisation: 'Example',
      connection: { provider: 'google', via: 'direct', allowedDomains: ['example.com'], secretVersion: '1' },
      tenants: { 'example.com': 'example' },
      servers: {
        one: { skillset: 'devops', allowedOrigins: Array.from({ length: 50 }, (_, n) => origin(n)) },
      },
    })`)
    const { status, stderr } = app({ FACTORY_CONFIG: file, CDK_VALIDATION: 'false' })
    expect(status).toBe(1)
    expect(stderr.match(/^ {2}\[Server-one\/Skillset\] The environment has about \d+ bytes; allowed: /gm)).toHaveLength(
      1,
    )
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
