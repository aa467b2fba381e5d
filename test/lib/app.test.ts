import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..')
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

function config(source: string): string {
  const file = join(folder, `${Math.random()}.ts`)
  const imports = `import { defineFactory } from ${JSON.stringify(join(PROJECT_ROOT, 'model', 'factory-config.ts'))}\n`
  writeFileSync(file, imports + source)
  return file
}

describe('node bin/app.ts, without the CLI', () => {
  it('writes all stacks, with the strict validation of cdk.json (PLATFORM 20), and the bundles', () => {
    const context = { origin: 'http://localhost:4100', tracing: 'off' }
    const { status, outdir } = app({ FACTORY_STAGE: 'dev' }, context)
    expect(status).toBe(0)
    const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'))
    const names = Object.values<{ properties?: { stackName?: string } }>(artifacts).map(
      ({ properties }) => properties?.stackName,
    )
    for (const name of ['dev-mcp-authorization', 'dev-mcp-server-productivity', 'dev-mcp-server-devops'])
      expect(names).toContain(name)
    expect(existsSync(join(outdir, 'validation-report.json'))).toBe(true)

    const bundles = readdirSync(outdir).filter((name) => name.startsWith('asset.'))
    // Four functions and two skillsets; both gates have one bundle.
    expect(bundles).toHaveLength(6)
    for (const bundle of bundles) {
      expect(readdirSync(join(outdir, bundle)).sort()).toEqual(['index.mjs', 'index.mjs.map'])
      const { sources } = JSON.parse(readFileSync(join(outdir, bundle, 'index.mjs.map'), 'utf8'))
      for (const source of sources) expect(source).toMatch(/^(?:\.\.\/)+(?:lambdas|model|node_modules)\//)
    }
  })

  it('shows what is wrong in the config: a line per value, no stack trace, exit code 1', () => {
    const file = config("export default defineFactory({ stage: 'PROD', organisation: '' } as never)")
    const { status, stderr } = app({ FACTORY_CONFIG: file })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^factory\.config\.ts is wrong:\n {2}stage: found "PROD"; allowed: /)
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
})
