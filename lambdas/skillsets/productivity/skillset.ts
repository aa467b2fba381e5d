import { defineSkillset } from '../../runtime/define-skillset.ts'
import { table } from '../../runtime/needs.ts'
import { cancelEvent } from './abilities/cancel-event.ts'
import { createEvent } from './abilities/create-event.ts'
import { findFreeTimes } from './abilities/find-free-times.ts'
import { getEvent } from './abilities/get-event.ts'
import { listEvents } from './abilities/list-events.ts'
import { updateEvent } from './abilities/update-event.ts'
import { DynamoDbCalendar } from './backends/dynamodb-calendar.ts'
import { planMyWeek } from './prompts/plan-my-week.ts'
import { dayEvents } from './resources/day-events.ts'
import { upcomingEvents } from './resources/upcoming-events.ts'
import type { ProductivityServices } from './services.ts'

export default defineSkillset({
  name: 'productivity',
  title: 'Productivity',
  instructions:
    'The calendar of the signed-in person. Times are dates, wall-clock times with a timeZone, or RFC 3339 with an ' +
    'offset; ask for the time zone where it is unclear.',
  needs: [table()],
  services: ({ table }): ProductivityServices => ({ calendar: new DynamoDbCalendar(table), now: Date.now }),
  abilities: [createEvent, getEvent, listEvents, updateEvent, cancelEvent, findFreeTimes],
  resources: [upcomingEvents, dayEvents],
  prompts: [planMyWeek],
})
