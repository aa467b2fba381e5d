import { AbilityError } from '../../../runtime/ability-error.ts'
import type { CalendarEvent, EventContent } from '../event-schemas.ts'
import type { Interval } from '../interval.ts'

/** Whose calendar. Events of one owner are invisible to every other. */
export interface CalendarOwner {
  readonly tenant: string
  /** The person's stable id. */
  readonly id: string
}

export interface EventPage {
  /** By start, then by id. */
  readonly events: readonly CalendarEvent[]
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined
}

/** What the calendar abilities need of a calendar, wherever it is kept. Times of contents are resolved. */
export interface Calendar {
  /**
   * Adds an event. With a key, repeating the call returns the event of the first.
   * @throws AbilityError `idempotency_conflict` where the key was used for other content, or the event is cancelled
   */
  create(
    owner: CalendarOwner,
    content: EventContent,
    idempotencyKey?: string,
  ): Promise<{ readonly event: CalendarEvent; readonly created: boolean }>

  /** @throws AbilityError `event_not_found` */
  get(owner: CalendarOwner, id: string): Promise<CalendarEvent>

  /**
   * Gives an event the content that `change` makes of it, unless it is no longer at the version that was seen.
   * @throws AbilityError `version_conflict`, `event_not_found`, or what `change` throws
   */
  update(
    owner: CalendarOwner,
    id: string,
    version: number,
    change: (event: CalendarEvent) => EventContent,
  ): Promise<CalendarEvent>

  /**
   * Takes an event out of the calendar, at whatever version unless one is given. Cancelling again changes nothing.
   * @throws AbilityError `version_conflict`, `event_not_found`
   */
  cancel(
    owner: CalendarOwner,
    id: string,
    version?: number,
  ): Promise<{ readonly event: CalendarEvent; readonly cancelled: boolean }>

  /**
   * One page of the events that share time with an interval; `cursor` is the `nextCursor` of the page before.
   * @throws AbilityError `invalid_cursor` for a cursor that was not made for this interval
   */
  list(
    owner: CalendarOwner,
    interval: Interval,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<EventPage>
}

export function eventNotFound(): AbilityError {
  return new AbilityError(
    'event_not_found',
    'Your calendar has no event with this id, or it was cancelled.',
    'Find the event with list_events; ids are taken from there unchanged.',
  )
}

export function versionConflict(seen: number, current: number): AbilityError {
  return new AbilityError(
    'version_conflict',
    `The event has been changed meanwhile: you passed version ${seen}, it is at version ${current}.`,
    `Look at it with get_event; where your change still makes sense, call again with version ${current}.`,
  )
}

export function idempotencyConflict(why: string): AbilityError {
  return new AbilityError(
    'idempotency_conflict',
    `This idempotencyKey was used for an event ${why}.`,
    'Use a new idempotencyKey for a new event; repeat the same content only to repeat a call.',
  )
}
