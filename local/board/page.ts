import { Markup, markup } from '../../model/markup.ts'
import type { McpClient, ServerAddress } from '../../model/mcp-client.ts'
import type { SamplePerson } from '../sign-in/sample-people.ts'
import type { NamedActivity } from './activity-feed.ts'
import { activityItems } from './activity-list.ts'
import { connectSection, copyField } from './connect-section.ts'
import { STYLE } from './style.ts'

export interface BoardServer extends ServerAddress {
  readonly title: string
  /** What the authorization server says of it. */
  readonly status: 'ok' | 'down' | 'unknown'
}

export interface Board {
  readonly issuer: string
  readonly servers: readonly BoardServer[]
  /** Absent where people sign in at the real Google. */
  readonly people: readonly SamplePerson[] | undefined
  readonly logs: string
  /** The newest first. */
  readonly activities: readonly NamedActivity[]
  /** Whose instructions are shown. */
  readonly client: McpClient
}

/** Seconds after which the page loads again where there is no script. */
const RELOAD = 10

/** The board as a page: usable without script, which only adds buttons for copying and live activity. */
export function boardPage(board: Board): string {
  return markup`${new Markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<noscript><meta http-equiv="refresh" content="${RELOAD}"></noscript>
<title>MCP servers on this machine</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
<script src="/-/board.js" defer></script>
</head>
<body>
<header>
<h1>MCP servers on this machine</h1>
<p class="quiet">Connect a client, sign in as one of the <a href="#people">sample people</a>, and watch what happens.</p>
</header>
<main>
${serversSection(board)}${connectSection(board.client, board.servers)}${activitySection(board)}${peopleSection(board)}</main>
<footer class="quiet">
<p>Authorization server: <code>${board.issuer}</code>. Logs: <code>${board.logs}</code>.</p>
</footer>
</body>
</html>
`.text
}

function serversSection({ servers }: Board): Markup {
  return markup`<section aria-labelledby="servers-heading">
<h2 id="servers-heading">Servers</h2>
<ul class="servers">
${servers.map(
  ({ name, title, url, status }) => markup`<li><p><b>${title}</b> <span class="badge ${status}">${status}</span></p>
${copyField(url, `URL of ${name}`)}</li>
`,
)}</ul>
</section>
`
}

function peopleSection({ people, issuer }: Board): Markup {
  return markup`<section id="people" aria-labelledby="people-heading">
<h2 id="people-heading">People</h2>
${
  people === undefined
    ? markup`<p>People sign in at Google. Its client needs the redirect URI:</p>${copyField(`${issuer}/callback`, 'Redirect URI')}`
    : markup`<table>
<caption class="quiet">Nobody here is real, and there are no passwords: the sign-in page has a button for each.</caption>
<thead><tr><th scope="col">Person</th><th scope="col">Address</th><th scope="col">What to expect</th></tr></thead>
<tbody>
${people.map(({ name, email, note }) => markup`<tr><th scope="row">${name}</th><td>${email}</td><td>${note}</td></tr>\n`)}</tbody>
</table>`
}
</section>
`
}

function activitySection({ activities }: Board): Markup {
  const empty = activities.length === 0
  return markup`<section id="activity" aria-labelledby="activity-heading" tabindex="0">
<h2 id="activity-heading">What has just happened</h2>
<p class="quiet" id="live">${empty ? 'Nothing yet. Sign-ins, tokens, calls and refusals appear here.' : 'The newest first.'}</p>
<div aria-live="polite" aria-relevant="additions"><ol data-newest="${activities[0]?.number ?? 0}">
${activityItems(activities)}</ol></div>
</section>
`
}
