import { ActivityFeed, type NamedActivity } from './board/activity-feed.ts'
import { LogTail } from './board/log-tail.ts'

/** Milliseconds between two looks at the logs. */
const LOOK = 300

/**
 * Tells what fails in a running factory, as its logs have it: an ability that throws, for one, whose client is told
 * nothing of why. What was logged before is not told again.
 * @returns ends it
 */
export function tellFailures(logs: string, say: (message: string) => void): () => void {
  const feed = new ActivityFeed(new LogTail(logs))
  let [newest] = feed.latest()
  const look = setInterval(() => {
    const told = newest?.number ?? 0
    const added = feed.latest().filter(({ number }) => number > told)
    newest = added[0] ?? newest
    for (const activity of added.reverse()) if (activity.outcome === 'failed') say(line(activity))
  }, LOOK)
  return () => clearInterval(look)
}

function line({ at, what, ability, server, who, detail }: NamedActivity): string {
  const time = new Date(at).toLocaleTimeString('en-GB')
  const named = [what, ability, server && `at ${server}`, 'failed', who && `for ${who}`].filter(Boolean).join(' ')
  return `${time} ${named}${detail === undefined ? '' : `: ${detail}`}`
}
