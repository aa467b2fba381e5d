import { type Activity, activityOf } from './activity.ts'
import type { LogTail } from './log-tail.ts'

/** An activity with names in place of identifiers. */
export interface NamedActivity extends Activity {
  /** Grows from one to the next. */
  readonly number: number
  readonly who: string | undefined
  readonly clientName: string | undefined
}

const KEPT = 50

/** The newest activities. What an identifier stands for is learned from the logs too. */
export class ActivityFeed {
  readonly #logs: LogTail
  readonly #emails = new Map<string, string>()
  readonly #clients = new Map<string, string>()
  #latest: readonly NamedActivity[] = []
  #number = 0

  constructor(logs: LogTail) {
    this.#logs = logs
  }

  /** Reads what is new; the newest first, at most 50. */
  latest(): readonly NamedActivity[] {
    const added = this.#logs
      .read()
      .map(activityOf)
      .filter((activity) => activity !== undefined)
      .sort((left, right) => left.at - right.at)
    for (const activity of added) this.#learn(activity)
    const named = added.map((activity) => this.#named(activity))
    this.#latest = [...named.reverse(), ...this.#latest].slice(0, KEPT)
    return this.#latest
  }

  #learn({ sub, email, client, clientName }: Activity): void {
    if (sub !== undefined && email !== undefined) this.#emails.set(sub, email)
    if (client !== undefined && clientName !== undefined) this.#clients.set(client, clientName)
  }

  #named(activity: Activity): NamedActivity {
    const { sub, email, client } = activity
    this.#number += 1
    return {
      ...activity,
      number: this.#number,
      who: email ?? (sub === undefined ? undefined : (this.#emails.get(sub) ?? `person ${sub.slice(0, 8)}`)),
      clientName: client === undefined ? undefined : (this.#clients.get(client) ?? client),
    }
  }
}
