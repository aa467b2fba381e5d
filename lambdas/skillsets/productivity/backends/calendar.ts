/** Whose calendar. Events of one owner are invisible to every other. */
export interface CalendarOwner {
  readonly tenant: string
  /** The person's stable id. */
  readonly id: string
}

export interface EventContent {
  readonly title: string
  readonly description?: string | undefined
  readonly location?: string | undefined
  /** RFC 3339 with an offset, as the caller wrote it. */
  readonly start: string
  readonly end: string
  /** The IANA name of the zone the event is meant in, where the caller gave one. */
  readonly timeZone?: string | undefined
}

export interface CalendarEvent extends EventContent {
  readonly id: string
  /** RFC 3339 in UTC. */
  readonly createdAt: string
}

export interface EventRange {
  /** RFC 3339; events that end after it are listed. */
  readonly from: string
  /** RFC 3339; events that start before it are listed. */
  readonly to: string
  readonly limit: number
  /** What the page before answered as `nextCursor`. */
  readonly cursor?: string | undefined
}

export interface EventPage {
  /** By start, then by id. */
  readonly events: readonly CalendarEvent[]
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined
}

/** The longest an event may last; a listing looks back this far for events that are still going on. */
export const LONGEST_EVENT_DAYS = 31

/** What the calendar abilities need of a calendar, wherever it is kept. */
export interface Calendar {
  /**
   * Adds an event. With a key, repeating the call returns the event of the first.
   * @throws AbilityError `idempotency_conflict` where the key was used for other content
   */
  create(
    owner: CalendarOwner,
    content: EventContent,
    idempotencyKey?: string,
  ): Promise<{ readonly event: CalendarEvent; readonly created: boolean }>

  /** @throws AbilityError `invalid_cursor` for a cursor that was not made for this range */
  list(owner: CalendarOwner, range: EventRange): Promise<EventPage>
}
