import { markup } from '../../../model/markup.ts'
import { page } from './layout.ts'

/**
 * Sends the browser on after a form was posted, without a redirect: Chromium holds every hop of a redirect chain
 * against `form-action` (PLATFORM 10), and the answer would be lost. The link is for whoever's browser waits for a click.
 */
export function continuePage(next: { readonly title: string; readonly href: string; readonly link: string }): string {
  return page(
    next.title,
    markup`<p>If nothing happens, use the link.</p>
<p class="actions"><a class="button primary" href="${next.href}" rel="noreferrer">${next.link}</a></p>`,
    markup`<meta http-equiv="refresh" content="0;url=${next.href}">\n`,
  )
}
