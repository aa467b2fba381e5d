import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { generators } from './generators.ts'

/** `npm run docs`: writes every page and picture that is made from the project itself; a name makes that one alone. */
const wanted = process.argv.slice(2)

for (const { name, make } of await generators()) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const [path, content] of Object.entries(await make())) {
    const file = join(PROJECT_ROOT, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    console.log(`${name}: ${path}`)
  }
}
