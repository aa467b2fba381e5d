import { markup } from '../../../model/markup.ts'
import { page } from './layout.ts'

/** Something went wrong, or is over, and a person should know what to do. */
export function messagePage(message: {
  readonly title: string
  readonly paragraphs: readonly string[]
  /** Where the person may go on; the text names the host. */
  readonly link?: { readonly href: string; readonly text: string } | undefined
  readonly requestId: string
}): string {
  return page(
    message.title,
    markup`${message.paragraphs.map((text) => markup`<p>${text}</p>\n`)}${
      message.link &&
      markup`<p class="actions"><a class="button" href="${message.link.href}" rel="noreferrer">${message.link.text}</a></p>\n`
    }<p class="quiet">Request ${message.requestId}</p>`,
  )
}
