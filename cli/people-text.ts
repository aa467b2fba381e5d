import type { Ended, ListedHoldings } from './people-acts.ts'

export function writtenHoldings(email: string, { blocked, grants, browserSessions }: ListedHoldings): string {
  return [
    `${email}${blocked ? ' is blocked.' : ''}`,
    '',
    grants.length === 0 ? 'No application has access in this name.' : 'Applications with access:',
    ...grants.map(
      ({ clientName, clientId, server, scopes, lastUsedAt, expiresAt }) =>
        `  ${shown(clientName) || clientId} on ${server}: ${scopes.join(' ')}\n    last renewed ${minute(lastUsedAt)}, ends ${minute(expiresAt)} unless renewed`,
    ),
    '',
    browserSessions.length === 0 ? 'Signed in nowhere.' : 'Browser sessions:',
    ...browserSessions.map(
      ({ browser, signedInAt, expiresAt }) =>
        `  ${browser ?? 'a browser'}, since ${minute(signedInAt)}, until ${minute(expiresAt)}`,
    ),
  ].join('\n')
}

export function writtenRevocation(email: string, ended: Ended): string {
  return `${email}: ${counted(ended)} ended. Their applications are refused within ten seconds, and the person can sign in again.`
}

export function writtenBlock(email: string, ended: Ended): string {
  return `${email} is blocked: refused within ten seconds at every server, refresh and page, until people unblock. ${counted(ended)} ended.`
}

export function writtenUnblock(email: string, { wasBlocked }: { readonly wasBlocked: boolean }): string {
  return wasBlocked
    ? `${email} is no longer blocked, and can sign in again within ten seconds.`
    : `${email} was not blocked.`
}

function counted({ grants, browserSessions }: Ended): string {
  const some = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return `${some(grants, 'grant')} and ${some(browserSessions, 'browser session')}`
}

/** A name that somebody chose for themselves: nothing in it moves the cursor or turns the text around. */
function shown(name: string | undefined): string {
  return (name ?? '').replace(/\p{C}/gu, '').slice(0, 80)
}

/** @param at seconds since the epoch */
function minute(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
