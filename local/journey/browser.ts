import { CookieJar } from './cookie-jar.ts'
import { type Element, elementsOf, textOf } from './html.ts'

const MOST_HOPS = 20

/** What the person sees after a navigation. */
export interface Page {
  /** Where the navigation ended: its last redirect's target. */
  readonly url: URL
  /** 0 where the navigation left for an address that this browser was told not to open. */
  readonly status: number
  readonly headers: Headers
  readonly html: string
  readonly text: string
  readonly heading: string
  readonly buttons: readonly Element[]
  readonly elements: readonly Element[]
}

/**
 * Follows pages as a browser without script does: redirects, meta refresh, forms with their hidden fields and
 * checkboxes, cookies. Enough to sign in and consent; what only a real engine can tell is left to one.
 */
export class Browser {
  readonly cookies: CookieJar
  readonly #stopAt: (url: URL) => boolean

  /** @param options.stopAt an address that is looked at and not opened: an MCP client's redirect URI */
  constructor(options: { readonly cookies?: CookieJar; readonly stopAt?: (url: URL) => boolean } = {}) {
    this.cookies = options.cookies ?? new CookieJar()
    this.#stopAt = options.stopAt ?? (() => false)
  }

  /** Opens an address as if a person had typed it, or an MCP client had asked the system to. */
  open(url: URL): Promise<Page> {
    return this.#navigate({ url, method: 'GET' }, undefined)
  }

  /**
   * Presses the button whose text contains `label`, and so submits its form as the page has it.
   * @param tick values of checkboxes to tick beside those that the page has ticked
   */
  async press(page: Page, label: string, tick: readonly string[] = []): Promise<Page> {
    const button = page.buttons.find(({ text }) => text.includes(label))
    if (button?.form === undefined) throw new Error(`no button "${label}" at ${page.url.href}: ${page.text}`)
    const form = page.elements.filter(({ tag }) => tag === 'form')[button.form]
    if (form === undefined) throw new Error(`button "${label}" is in no form`)
    const fields = [...fieldsOf(page, button.form, tick), ...submitterFields(button)]
    const action = new URL(form.attributes.action || page.url.href, page.url)
    if (form.attributes.method?.toLowerCase() !== 'post') {
      action.search = new URLSearchParams(fields).toString()
      return this.#navigate({ url: action, method: 'GET' }, page)
    }
    return this.#navigate({ url: action, method: 'POST', body: new URLSearchParams(fields) }, page)
  }

  async #navigate(first: Request, from: Page | undefined): Promise<Page> {
    let request = first
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (this.#stopAt(request.url)) return pageOf(request.url, 0, new Headers(), '')
      const response = await fetch(request.url, {
        method: request.method,
        redirect: 'manual',
        headers: this.#headers(request, from),
        ...(request.body && { body: request.body }),
      })
      this.cookies.store(request.url, response.headers.getSetCookie())
      const html = await response.text()
      const next = redirectTarget(request, response)
      if (next !== undefined) {
        request = next
        continue
      }
      const page = pageOf(request.url, response.status, response.headers, html)
      const refresh = refreshTarget(page)
      if (refresh === undefined) return page
      request = { url: refresh, method: 'GET' }
    }
    throw new Error(`more than ${MOST_HOPS} redirects from ${first.url.href}`)
  }

  #headers({ url, method }: Request, from: Page | undefined): Record<string, string> {
    const cookie = this.cookies.header({ url, method, initiator: from?.url })
    return {
      Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      ...(cookie !== '' && { Cookie: cookie }),
      // A page whose policy is no-referrer posts with `Origin: null`, even to itself.
      ...(method === 'POST' &&
        from && { Origin: from.headers.get('referrer-policy') === 'no-referrer' ? 'null' : from.url.origin }),
    }
  }
}

interface Request {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly body?: URLSearchParams
}

function redirectTarget(request: Request, response: Response): Request | undefined {
  const location = response.headers.get('location')
  if (location === null || response.status < 300 || response.status > 399) return undefined
  const url = new URL(location, request.url)
  // RFC 9110 §15.4: 307 and 308 repeat the method and body; browsers turn the others into GET.
  return response.status === 307 || response.status === 308 ? { ...request, url } : { url, method: 'GET' }
}

function refreshTarget(page: Page): URL | undefined {
  const meta = page.elements.find(
    ({ tag, attributes }) => tag === 'meta' && attributes['http-equiv']?.toLowerCase() === 'refresh',
  )
  const target = meta?.attributes.content?.match(/^\s*[\d.]+\s*[;,]\s*url\s*=\s*['"]?(.*?)['"]?\s*$/i)?.[1]
  return target === undefined ? undefined : new URL(target, page.url)
}

function pageOf(url: URL, status: number, headers: Headers, html: string): Page {
  const elements = elementsOf(html)
  return {
    url,
    status,
    headers,
    html,
    text: textOf(html),
    heading: elements.find(({ tag }) => tag === 'h1')?.text ?? '',
    buttons: elements.filter(({ tag }) => tag === 'button'),
    elements,
  }
}

function fieldsOf(page: Page, form: number, tick: readonly string[]): [string, string][] {
  return page.elements
    .filter((element) => element.tag === 'input' && element.form === form)
    .flatMap(({ attributes }): [string, string][] => {
      const { name, value = 'on', type = 'text' } = attributes
      if (name === undefined || 'disabled' in attributes) return []
      if (type === 'checkbox' || type === 'radio')
        return 'checked' in attributes || tick.includes(value) ? [[name, value]] : []
      return type === 'submit' ? [] : [[name, attributes.value ?? '']]
    })
}

function submitterFields({ attributes }: Element): [string, string][] {
  return attributes.name === undefined ? [] : [[attributes.name, attributes.value ?? '']]
}
