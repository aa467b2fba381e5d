import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { USAGE } from '../../local/start-options.ts'
import { PROJECT_ROOT, readProjectFile } from './tables.ts'

const PAGES = [
  'README.md',
  'SECURITY.md',
  'docs/features.md',
  'docs/security.md',
  'docs/one-machine.md',
  'docs/abilities.md',
  'docs/connections.md',
  'docs/cost.md',
  'docs/deploy.md',
]

const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> }

it.each(PAGES)('every link of %s leads somewhere', (page) => {
  const folder = join(PROJECT_ROOT, page, '..')
  const targets = [...readProjectFile(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  const own = targets.filter((target) => !/^(?:[a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''))
  expect(own.filter((target) => !existsSync(join(folder, target)))).toEqual([])
})

it.each(PAGES)('every script that %s names is there', (page) => {
  const text = readProjectFile(page)
  const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script = '']) => script)
  const short = [...text.matchAll(/npm (start|test)\b/g)].map(([, script = '']) => script)
  expect([...named, ...short].filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
})

it.each(PAGES)('every option of npm start that %s names is there', (page) => {
  const named = [...readProjectFile(page).matchAll(/npm start -- ((?:--[\w-]+ ?)+)/g)].flatMap(([, options = '']) =>
    options.trim().split(' '),
  )
  const offered = [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option)
  expect(offered.length).toBeGreaterThan(4)
  expect(named.filter((option) => !offered.includes(option))).toEqual([])
})

it('the README says what npm start is told', () => {
  const text = readProjectFile('README.md')
  for (const [, option = ''] of USAGE.matchAll(/^ {2}(--(?!help)[\w-]+)/gm))
    expect(text).toContain(`npm start -- ${option}`)
})

it('the README’s folders are there', () => {
  const folders = [...readProjectFile('README.md').matchAll(/`((?:\w[\w-]*\/)+)`/g)].map(([, folder = '']) => folder)
  const own = folders.filter((folder) => !['.factory/', 'cdk.out/', 'e2e/', 'attacks/', 'abilities/'].includes(folder))
  expect(own.length).toBeGreaterThan(5)
  expect(own.filter((folder) => !existsSync(join(PROJECT_ROOT, folder)))).toEqual([])
})
