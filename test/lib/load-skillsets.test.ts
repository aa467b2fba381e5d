import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSkillsets } from '../../lib/load-skillsets.ts'
import { SkillsetError } from '../../model/skillset-declaration.ts'
import { sampleConfig } from './sample-factory.ts'

const folder = mkdtempSync(join(tmpdir(), 'skillsets-'))
afterAll(() => rmSync(folder, { recursive: true }))

function skillset(name: string, source: string): void {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'skillset.ts'), source)
  writeFileSync(join(folder, name, 'handler.ts'), '')
}

const servers = (skillset: string) => sampleConfig({ servers: { one: { skillset } } }).servers

describe('skillsets named by the config', () => {
  it('are imported from their folders', async () => {
    skillset('notes', "export default { name: 'notes', title: 'Notes', needs: [], abilities: [{}] }")
    expect(await loadSkillsets(servers('notes'), folder)).toMatchObject({ notes: { title: 'Notes' } })
  })

  it('that are not there stop synth with the path and what there is', async () => {
    await expect(loadSkillsets(servers('missing'), folder)).rejects.toThrow(
      /servers\.one\.skillset: found "missing"; allowed: a folder .*\(notes\)/,
    )
  })

  it('that have no handler stop synth', async () => {
    skillset('half', 'export default {}')
    rmSync(join(folder, 'half', 'handler.ts'))
    await expect(loadSkillsets(servers('half'), folder)).rejects.toThrow('lambdas/skillsets/half/handler.ts is missing')
  })

  it('that have no ability stop synth', async () => {
    skillset('empty', "export default { name: 'empty', title: 'Empty', needs: [], abilities: [] }")
    await expect(loadSkillsets(servers('empty'), folder)).rejects.toThrow('it has no ability')
  })

  it('that export something else stop synth', async () => {
    skillset('broken', 'export default { abilities: {} }')
    await expect(loadSkillsets(servers('broken'), folder)).rejects.toThrow(SkillsetError)
  })
})
