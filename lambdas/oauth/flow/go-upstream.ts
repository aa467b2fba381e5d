import { html, type Response } from '../http/response.ts'
import { continuePage } from '../pages/continue-page.ts'
import type { UpstreamFlow } from './flow.ts'

/** Sends a browser that has posted a form on to the identity provider: by a page, never by a redirect (PLATFORM 10). */
export function goUpstream({ upstream: { url } }: UpstreamFlow): Response {
  return html(200, continuePage({ title: 'On to sign-in', href: url, link: `Continue to ${new URL(url).host}` }))
}
