/** What is assumed and not counted. Whoever knows better changes it here, and `npm run docs` makes the page anew. */
export const ASSUMED = {
  /** Per person. */
  workingDays: 21,
  toolCallsPerDay: 100,
  /** Requests of clients beside tool calls: discovery of the server, lists of tools, pings. */
  otherRequestsPerDay: 20,
  /** An access token lives ten minutes, and a client refreshes while it is in use. */
  refreshesPerDay: 20,
  /** Two servers, each of which a client connects to anew every month. */
  connectionsPerMonth: 2,
  /** Seconds that a function takes, averaged, its starts included. */
  duration: { gate: 0.02, skillset: 0.3, oauth: 0.15, job: 1 },
  /** A request of at most 8 KB read consistently, of at most 2 KB written. */
  readUnits: 2,
  writeUnits: 2,
  /** The gate reads rules and keys again after ten seconds, the OAuth function rules and deny entries: as if always. */
  readsAgain: { gate: 2, oauth: 2 },
  /** The keys secret is read again after a minute, by each of the instances that are awake the whole month. */
  awakeInstances: 1,
  /** Gigabytes of log that a request leaves, over all log groups it passes. */
  logPerRequest: 2e-6,
  logMonthsKept: 3,
  gigabytesPerPerson: 0.001,
} as const

export const SIZES = [10, 100, 1000] as const
