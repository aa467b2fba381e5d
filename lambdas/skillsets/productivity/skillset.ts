import { defineSkillset } from '../../runtime/define-skillset.ts'
import { table } from '../../runtime/needs.ts'
import { createEvent } from './abilities/create-event.ts'
import { listEvents } from './abilities/list-events.ts'
import { DynamoDbCalendar } from './backends/dynamodb-calendar.ts'

export default defineSkillset({
  name: 'productivity',
  title: 'Productivity',
  instructions:
    'The calendar of the signed-in person. Times are RFC 3339 with an offset; ask for the time zone where it is unclear.',
  needs: [table()],
  services: ({ table }) => ({ calendar: new DynamoDbCalendar(table) }),
  abilities: [createEvent, listEvents],
})
