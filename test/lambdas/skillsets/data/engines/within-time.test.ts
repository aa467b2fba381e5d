import { expect, it } from 'vitest'
import { withinTime } from '../../../../../lambdas/skillsets/data/engines/within-time.ts'

const never = () => new AbortController().signal
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended')), { once: true }))

it('says that the time is over, whatever the work ends with', async () => {
  await expect(withinTime(20, never(), untilAborted)).rejects.toMatchObject({
    code: 'query_timeout',
    message: 'The query was stopped after 0.02 s, the time that one may take.',
    cause: { message: 'ended' },
  })
})

it('throws the reason for which the caller left, whatever the work ends with', async () => {
  const leaving = new AbortController()
  const work = withinTime(60_000, leaving.signal, untilAborted)
  leaving.abort(new Error('left'))
  await expect(work).rejects.toThrow('left')
})

it('begins nothing for a caller who has left', async () => {
  let begun = false
  const work = withinTime(60_000, AbortSignal.abort(new Error('left')), async () => {
    begun = true
  })
  await expect(work).rejects.toThrow('left')
  expect(begun).toBe(false)
})

it('is not there for work that ends by itself', async () => {
  expect(await withinTime(60_000, never(), async () => 1)).toBe(1)
  const failing = withinTime(60_000, never(), () => Promise.reject(new Error('failed')))
  await expect(failing).rejects.toThrow('failed')
})
