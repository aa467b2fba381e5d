import { type Markup, markup } from '../../model/markup.ts'
import type { NamedActivity } from './activity-feed.ts'
import { withBreaks } from './with-breaks.ts'

/** The entries of the list of what has just happened, as the page has them and the stream sends them. */
export function activityItems(activities: readonly NamedActivity[]): Markup {
  return markup`${activities.map(item)}`
}

const LABELS: Readonly<Partial<Record<NamedActivity['outcome'], string>>> = { asked: 'asked to sign in' }

function item({ at, what, outcome, ability, milliseconds, ...rest }: NamedActivity): Markup {
  const { who, clientName, server, detail } = rest
  const facts = [who, clientName, server].filter((fact) => fact !== undefined)
  const time = new Date(at)
  return markup`<li class="${outcome}">
<p><time datetime="${time.toISOString()}">${time.toLocaleTimeString('en-GB')}</time> <b>${what}${ability !== undefined && markup` <code>${ability}</code>`}</b>
<span class="badge ${outcome}">${LABELS[outcome] ?? outcome}</span>${milliseconds !== undefined && markup` <span class="quiet">${milliseconds} ms</span>`}</p>
${facts.length > 0 && markup`<p class="quiet">${facts.join(' · ')}</p>`}
${detail !== undefined && markup`<p class="quiet">${withBreaks(detail)}</p>`}
</li>
`
}
