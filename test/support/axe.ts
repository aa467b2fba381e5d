import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds fault with on a page: each rule, and the first element. The page's policy has to let its script in. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe.source })
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
