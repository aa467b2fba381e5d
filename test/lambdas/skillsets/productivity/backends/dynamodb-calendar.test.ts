import { beforeEach, describe, expect, it } from 'vitest'
import { AbilityError } from '../../../../../lambdas/runtime/ability-error.ts'
import { calendarOfFile, NOW, STANDUP, WEEK } from '../support/calendar-of-file.ts'

const calendar = await calendarOfFile()

const hourFrom = (minute: number) => ({
  start: `2026-12-01T09:${String(minute).padStart(2, '0')}:00Z`,
  end: `2026-12-01T10:${String(minute).padStart(2, '0')}:00Z`,
})

/** How many promises were kept, and with which codes the others were refused. */
async function outcomes(promises: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(promises)
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  return {
    kept: settled.length - refused.length,
    codes: new Set(refused.map((reason) => (reason instanceof AbilityError ? reason.code : String(reason)))),
  }
}

describe('races', () => {
  it('of 50 updates of one version exactly one wins, and every listing shows the event once', async () => {
    const { event } = await calendar.create({ ...STANDUP, ...hourFrom(0) })
    let racing = true
    const watching = (async () => {
      const counts = new Set<number>()
      while (racing) counts.add((await calendar.titles()).length)
      return counts
    })()
    for (let version = 1; version <= 2; version += 1) {
      const updates = Array.from({ length: 50 }, (_, minute) =>
        calendar.update({ id: event.id, version, title: `${version} ${minute}`, ...hourFrom(minute) }),
      )
      expect(await outcomes(updates)).toEqual({ kept: 1, codes: new Set(['version_conflict']) })
      expect((await calendar.list()).events).toMatchObject([{ id: event.id, version: version + 1 }])
      expect(await calendar.pointers()).toHaveLength(1)
    }
    racing = false
    expect(await watching).toEqual(new Set([1]))
  })

  it('of 50 updates that change the same thing to the same, one wins as well', async () => {
    const { event } = await calendar.create(STANDUP)
    const updates = Array.from({ length: 50 }, () => calendar.update({ id: event.id, version: 1, title: 'Same' }))
    expect(await outcomes(updates)).toEqual({ kept: 1, codes: new Set(['version_conflict']) })
  })

  it('one key creates one event', async () => {
    const creating = Array.from({ length: 20 }, () => calendar.create({ ...STANDUP, idempotencyKey: 'k' }))
    const results = await Promise.all(creating)
    expect(results.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(results.map(({ event }) => event.id)).size).toBe(1)
    expect(await calendar.titles()).toHaveLength(1)
    expect(await calendar.pointers()).toHaveLength(1)
  })

  it('one key and different contents create one event and no trace of the others', async () => {
    const creating = Array.from({ length: 20 }, (_, minute) =>
      calendar.create({ title: `${minute}`, ...hourFrom(minute), idempotencyKey: 'k' }),
    )
    expect(await outcomes(creating)).toEqual({ kept: 1, codes: new Set(['idempotency_conflict']) })
    expect(await calendar.titles()).toHaveLength(1)
    expect(await calendar.pointers()).toHaveLength(1)
  })

  it('a cancellation among updates always succeeds, and no update brings the event back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { event } = await calendar.create(STANDUP)
      const updating = Array.from({ length: 10 }, (_, minute) =>
        calendar.update({ id: event.id, version: 1, ...hourFrom(minute) }),
      )
      const cancelling = [calendar.cancel({ id: event.id }), calendar.cancel({ id: event.id })]
      const [updates, cancelled] = await Promise.all([outcomes(updating), Promise.all(cancelling)])
      expect(updates.kept).toBeLessThanOrEqual(1)
      expect(cancelled.filter(({ cancelled }) => cancelled)).toHaveLength(1)
      expect(await calendar.titles()).toEqual([])
      expect(await calendar.pointers()).toEqual([])
    }
  })
})

describe('a process that dies, or is cut off', () => {
  /** Lets so many commands through; the next is not sent, or is sent and its reply lost, and all after it fail. */
  async function interrupted<T>(sent: number, how: 'before' | 'after', act: () => Promise<T>): Promise<unknown> {
    let left = sent
    calendar.data.client.middlewareStack.add(
      (next) => async (args) => {
        left -= 1
        if (left < -1 || (left < 0 && how === 'before')) throw new Error('died')
        const answer = await next(args)
        if (left < 0) throw new Error('died')
        return answer
      },
      { step: 'initialize', name: 'interruption' },
    )
    const result = await act().then(
      () => 'done',
      (error: Error) => error.message,
    )
    calendar.data.client.middlewareStack.remove('interruption')
    return result
  }
  const moved = { start: '2026-12-03T09:00:00Z', end: '2026-12-03T10:00:00Z' }

  it.each([
    ['before', 1],
    ['after', 0],
  ] as const)('%s the event is written: nothing is there, and a repeated create makes it whole', async (how, sent) => {
    const create = () => calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    expect(await interrupted(sent, how, create)).toBe('died')
    expect(await calendar.titles()).toEqual([])
    expect((await create()).created).toBe(true)
    expect(await calendar.titles()).toEqual(['Stand-up'])
  })

  it('after the event is written: it is there, and a repeated create finds it', async () => {
    const create = () => calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    expect(await interrupted(1, 'after', create)).toBe('died')
    expect(await calendar.titles()).toEqual(['Stand-up'])
    expect((await create()).created).toBe(false)
    expect(await calendar.titles()).toEqual(['Stand-up'])
  })

  // The commands of an update: read, put the new pointer, replace the event, delete the old pointer.
  it.each([
    [0, 'after', 'died', 1],
    [1, 'after', 'died', 1],
    [2, 'before', 'died', 1],
    [2, 'after', 'died', 2],
    [3, 'before', 'done', 2],
  ] as const)('after %i commands of an update (%s the next): it is made whole or not at all', async (sent, how, end, version) => {
    const { event } = await calendar.create(STANDUP)
    const update = () => calendar.update({ id: event.id, version: 1, title: 'Moved', ...moved })
    expect(await interrupted(sent, how, update)).toBe(end)
    const expected = version === 1 ? event : { ...event, version, title: 'Moved', ...moved, updatedAt: NOW }
    expect((await calendar.list()).events).toEqual([expected])
    const next = await calendar.update({ id: event.id, version, title: 'Next', ...hourFrom(0) })
    expect((await calendar.list()).events).toEqual([next.event])
    await calendar.cancel({ id: event.id })
    expect(await calendar.titles()).toEqual([])
  })

  // The commands of a cancellation: see whom to ask for, read, replace the event, delete the pointer.
  it.each([
    [2, 'before', 'died', 1],
    [2, 'after', 'died', 0],
    [3, 'before', 'done', 0],
  ] as const)('after %i commands of a cancellation (%s the next): the event is there or not', async (sent, how, end, left) => {
    const { event } = await calendar.create(STANDUP)
    expect(await interrupted(sent, how, () => calendar.cancel({ id: event.id }))).toBe(end)
    expect(await calendar.titles()).toHaveLength(left)
    expect((await calendar.cancel({ id: event.id })).cancelled).toBe(left === 1)
    expect(await calendar.titles()).toEqual([])
  })

  it('has done what was written though the reply was lost and the SDK wrote again', async () => {
    let lost = ''
    calendar.data.client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args)
        const isCondition = 'ConditionExpression' in (args.input as object)
        if (!isCondition || lost === context.commandName + String(context.attempt)) return answer
        lost = context.commandName + String(context.attempt)
        throw Object.assign(new Error('lost'), { name: 'TimeoutError' })
      },
      { step: 'deserialize', priority: 'high', name: 'loss' },
    )
    try {
      const { event, created } = await calendar.create(STANDUP)
      expect(created).toBe(true)
      lost = ''
      const { event: updated } = await calendar.update({ id: event.id, version: 1, ...moved })
      expect(updated.version).toBe(2)
    } finally {
      calendar.data.client.middlewareStack.remove('loss')
    }
    expect(await calendar.titles()).toEqual(['Stand-up'])
    expect(await calendar.pointers()).toHaveLength(1)
  })
})

describe('an event of an earlier release', () => {
  const id = '0123456789abcdef0123456789abcdef'
  const old = { id, ...STANDUP, timeZone: 'Europe/Berlin', createdAt: NOW }
  const today = { ...old, version: 1, attendees: [], transparency: 'opaque' }
  beforeEach(async () => {
    const { table } = calendar.data
    await table.put(calendar.partition(), `START#2026-11-30T08:00:00.000Z#${id}`, {})
    await table.put(calendar.partition(), `EVENT#${id}`, { event: old, digest: 'of its content' })
  })

  it('is listed and looked at', async () => {
    expect((await calendar.list()).events).toEqual([today])
    expect((await calendar.get({ id })).event).toEqual(today)
  })

  it('is updated, and then paged past', async () => {
    await calendar.create({ ...STANDUP, ...hourFrom(0), title: 'Later' })
    const { nextCursor } = await calendar.list({ ...WEEK, limit: 1 })
    expect(await calendar.titles({ ...WEEK, cursor: nextCursor })).toEqual(['Later'])
    await calendar.update({ id, version: 1, title: 'New' })
    expect(await calendar.titles()).toEqual(['New', 'Later'])
    expect(await calendar.titles({ ...WEEK, cursor: nextCursor })).toEqual(['Later'])
    expect(await calendar.pointers()).toHaveLength(2)
  })

  it('is cancelled', async () => {
    await calendar.cancel({ id })
    expect(await calendar.titles()).toEqual([])
    expect(await calendar.pointers()).toEqual([])
  })
})

describe('a pointer that no event bears out', () => {
  it('neither repeats an event nor shows one', async () => {
    const { event } = await calendar.create(STANDUP)
    const put = (sk: string) => calendar.data.table.put(calendar.partition(), sk, {})
    await put(`START#2026-11-30T07:00:00.000Z#${event.id}#dead`)
    await put(`START#2026-12-01T08:00:00.000Z#${event.id}#dead`)
    await put(`START#2026-12-01T08:00:00.000Z#${'0'.repeat(32)}#dead`)
    expect((await calendar.list()).events).toEqual([event])
    expect(await calendar.titles({ ...WEEK, from: '2026-12-01T00:00:00Z' })).toEqual([])
    expect(await calendar.titles({ ...WEEK, to: '2026-11-30T07:30:00Z' })).toEqual([])
    await calendar.create({ ...STANDUP, ...hourFrom(0), title: 'Later' })
    const { nextCursor } = await calendar.list({ ...WEEK, limit: 1 })
    expect(await calendar.titles({ ...WEEK, cursor: nextCursor })).toEqual(['Later'])
  })
})

describe('DynamoDB calls', () => {
  const day = { from: '2026-11-30', to: '2026-12-01', timeZone: 'Europe/Berlin', durationMinutes: 30 }
  it.each([
    ['create_event', () => calendar.create(STANDUP), ['PutItem', 'PutItem']],
    ['get_event', (id: string) => calendar.get({ id }), ['GetItem']],
    ['list_events', () => calendar.list(), ['Query', 'BatchGetItem']],
    [
      'update_event',
      (id: string) => calendar.update({ id, version: 1, title: 'x' }),
      ['GetItem', 'PutItem', 'PutItem', 'DeleteItem'],
    ],
    ['cancel_event', (id: string) => calendar.cancel({ id }), ['GetItem', 'GetItem', 'PutItem', 'DeleteItem']],
    ['find_free_times', () => calendar.find(day), ['Query', 'BatchGetItem']],
  ])('%s makes few', async (_ability, act, expected) => {
    const { event } = await calendar.create(STANDUP)
    calendar.commands.length = 0
    await act(event.id)
    expect(calendar.commands).toEqual(expected)
  })

  it('a repeated create and a repeated cancellation make few', async () => {
    const { event } = await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    calendar.commands.length = 0
    await calendar.create({ ...STANDUP, idempotencyKey: 'k' })
    expect(calendar.commands).toEqual(['PutItem', 'PutItem', 'GetItem', 'DeleteItem'])
    await calendar.cancel({ id: event.id })
    calendar.commands.length = 0
    await calendar.cancel({ id: event.id })
    expect(calendar.commands).toEqual(['GetItem', 'GetItem'])
  })

  it('300 events are listed for free times in as few as DynamoDB takes', async () => {
    for (let n = 0; n < 300; n += 50) await Promise.all(Array.from({ length: 50 }, () => calendar.create(STANDUP)))
    calendar.commands.length = 0
    await calendar.find(day)
    expect(calendar.commands.filter((name) => name === 'Query')).toHaveLength(4)
    expect(calendar.commands.filter((name) => name === 'BatchGetItem')).toHaveLength(3)
  })
})
