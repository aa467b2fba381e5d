import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether the packages here are installed. Where they are not, these tests are skipped, loudly;
 * `FACTORY_REQUIRE=interop` makes that a failure.
 */
export const INSTALLED = areInstalled()

function areInstalled(): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const missing = Object.keys(dependencies).filter(
    (name) => !existsSync(join(import.meta.dirname, 'node_modules', name)),
  )
  if (missing.length === 0) return true
  const what = `the clients of test/interop, for want of ${missing.join(', ')}: npm --prefix test/interop ci`
  if (process.env.FACTORY_REQUIRE?.split(',').includes('interop')) throw new Error(`FACTORY_REQUIRE asks for ${what}`)
  console.warn(`\n  SKIPPED: ${what}\n`)
  return false
}
