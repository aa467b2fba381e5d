import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataOptions } from '../../lambdas/skillsets/data/options.ts'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { readProjectFile } from './tables.ts'

const page = readProjectFile('docs/data.md')

/** The page's configs: each block of TypeScript begins with a comment that names its file. */
const configs = [...page.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name = '', source = '']) => ({
  name,
  source: source.replace("'./model/", `'${pathToFileURL(PROJECT_ROOT).href}/model/`),
}))

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-docs-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('docs/data.md', () => {
  it('has a config for each engine', () => {
    expect(configs.map(({ name }) => name)).toEqual(['duckdb.config.ts', 'athena.config.ts', 'postgres.config.ts'])
  })

  it.each(configs)('$name is a factory, and its options are the data server’s', async ({ name, source }) => {
    const path = join(directory, name)
    await writeFile(path, source)
    const { default: config } = (await import(pathToFileURL(path).href)) as { default: FactoryConfig }
    const { data } = config.servers
    const options = dataOptions.safeParse(data && 'options' in data ? data.options : undefined)
    expect(options.error).toBeUndefined()
    expect(`${options.data?.engine}.config.ts`).toBe(name)
  })

  it('names each default as the schema has it', () => {
    const { limits, ...options } = dataOptions.parse({ engine: 'duckdb', source: { sample: true } })
    const defaults: Record<string, unknown> = { ...options, ...limits }
    const table = page.slice(page.indexOf('\n## Limits'), page.indexOf('\n## What is kept'))
    const rows = [...table.matchAll(/^\| (`.*?) \| ([\d, ]+) \|/gm)]
    const stated = rows.flatMap(([, names = '', values = '']) => {
      const given = values.split(', ')
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = ''], index) => [
        name,
        Number(given[index]?.replace(',', '')),
      ])
    })
    expect(stated.length).toBeGreaterThan(8)
    for (const [name, value] of stated)
      if (name !== 'scanMegabytes') expect(defaults[String(name)], String(name)).toBe(value)
  })
})
