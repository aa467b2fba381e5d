import type { Calendar } from './backends/calendar.ts'

/** What the productivity abilities work with. */
export interface ProductivityServices {
  readonly calendar: Calendar
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
