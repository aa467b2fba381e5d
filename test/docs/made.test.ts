import { describe, expect, it } from 'vitest'
import { generators } from '../../docs/make/generators.ts'
import { readProjectFile } from './tables.ts'

/** Pictures of pages differ with the fonts of the machine: they are made by hand, and looked at. */
const texts = (await generators()).filter(({ name }) => name !== 'screenshots')

describe('pages and pictures that are made from the project', () => {
  it('have their generators', () => {
    expect(texts.map(({ name }) => name)).toEqual(expect.arrayContaining(['architecture', 'cost', 'permissions']))
  })

  it.each(texts)('what $name makes is what is there: `npm run docs` makes it anew', async ({ make }) => {
    for (const [path, content] of Object.entries(await make())) expect(readProjectFile(path)).toBe(content)
  }, 120_000)
})
