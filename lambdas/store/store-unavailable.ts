/** The factory table, or what it should hold, is not there: the caller answers 503 and nothing is consumed. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
