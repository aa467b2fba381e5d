import { describe, expect, it } from 'vitest'
import { addAbility, addServer } from '../../../cli/new/edit.ts'

const skillset = (imports: readonly string[], list: string) =>
  [
    "import { defineSkillset } from '../../runtime/define-skillset.ts'",
    ...imports,
    '',
    'export default defineSkillset({',
    "  name: 'notes',",
    list,
    '})',
    '',
  ].join('\n')
const imported = (identifier: string, file: string) => `import { ${identifier} } from './abilities/${file}.ts'`

describe('an ability is added to skillset.ts', () => {
  it('at the end of the list, its import in the formatter’s order', () => {
    const before = skillset(
      [imported('addNote', 'add-note'), imported('listNotes', 'list-notes')],
      '  abilities: [addNote, listNotes],',
    )
    expect(addAbility(before, 'findNote', 'find-note')).toEqual({
      source: skillset(
        [imported('addNote', 'add-note'), imported('findNote', 'find-note'), imported('listNotes', 'list-notes')],
        '  abilities: [addNote, listNotes, findNote],',
      ),
      lines: [3, 8],
    })
  })

  it('after the last import, where it comes last', () => {
    const edit = addAbility(skillset([imported('addNote', 'add-note')], '  abilities: [addNote],'), 'zap', 'zap')
    expect(edit?.source).toContain(`${imported('addNote', 'add-note')}\n${imported('zap', 'zap')}\n\n`)
    expect(edit?.lines).toEqual([3, 7])
  })

  it('on lines of their own, where one line is too long, and where they are already', () => {
    const names = Array.from({ length: 9 }, (_, index) => `ability${index}WithAName`)
    const written = `  abilities: [\n${[...names, 'last'].map((name) => `    ${name},`).join('\n')}\n  ],`
    for (const list of [`  abilities: [${names.join(', ')}],`, `  abilities: [\n    ${names.join(',\n    ')},\n  ],`]) {
      const edit = addAbility(skillset([imported('a', 'a')], list), 'last', 'last')
      expect(edit?.source).toContain(written)
      const lines = edit?.source.split('\n') ?? []
      expect(edit?.lines.map((line) => lines[line - 1])).toEqual([imported('last', 'last'), '    last,'])
    }
  })

  it.each([
    ['a comment in the list', [imported('a', 'a')], '  abilities: [a /* first */],'],
    ['a spread', [imported('a', 'a')], '  abilities: [...all],'],
    ['a list from elsewhere', [imported('a', 'a')], '  abilities,'],
    ['a comment between its lines', [imported('a', 'a')], '  abilities: [\n    // first\n    a,\n  ],'],
    ['a list that does not end', [imported('a', 'a')], '  abilities: [\n    a,'],
    ['two lists', [imported('a', 'a')], '  abilities: [a],\n  abilities: [a],'],
    ['another indentation', [imported('a', 'a')], '\tabilities: [a],'],
    ['no import of an ability', ["import { a } from './all.ts'"], '  abilities: [a],'],
  ])('and a file with %s is left alone', (_case, imports, list) => {
    expect(addAbility(skillset(imports, list), 'last', 'last')).toBeUndefined()
  })
})

describe('a server is added to factory.config.ts', () => {
  const config = (servers: string) => `export default defineFactory({\n  stage: 'dev',\n${servers}\n})\n`

  it('after the others, quoted where it must be', () => {
    const before = config(
      "  servers: {\n    one: {\n      skillset: 'one',\n    },\n\n    // the other\n    two: { skillset: 'two' },\n  },",
    )
    const edit = addServer(before, 'field-service')
    expect(edit?.source).toBe(
      before.replace("'two' },\n", "'two' },\n    'field-service': { skillset: 'field-service' },\n"),
    )
    expect(edit?.lines).toEqual([10])
    expect(addServer(before, 'notes')?.source).toContain("\n    notes: { skillset: 'notes' },\n  },\n")
  })

  it.each([
    ['servers in one line', "  servers: { one: { skillset: 'one' } },"],
    ['servers from elsewhere', '  servers,'],
    ['two of them', '  servers: {\n  },\n  servers: {\n  },'],
    ['another indentation', "  servers: {\n  one: { skillset: 'one' },\n  },"],
    ['no end', '  servers: {'],
  ])('and a file with %s is left alone', (_case, servers) => {
    expect(addServer(config(servers), 'notes')).toBeUndefined()
  })
})
