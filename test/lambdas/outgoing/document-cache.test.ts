import { describe, expect, it } from 'vitest'
import { documentCache } from '../../../lambdas/outgoing/document-cache.ts'

function cacheOf(freshFor: number) {
  const asked: string[] = []
  let time = 1000
  let answer: unknown = 'valid'
  const read = documentCache(
    async (url) => {
      asked.push(url)
      if (answer === 'unreachable') throw new Error('unreachable')
      return { json: answer, freshFor }
    },
    (json) => {
      if (json === 'invalid') throw new Error('invalid')
      return String(json)
    },
    () => time,
  )
  return {
    read,
    asked,
    pass: (seconds: number) => {
      time += seconds
    },
    answer: (next: unknown) => {
      answer = next
    },
  }
}

describe('AS-10: documents in memory', () => {
  it('are kept as long as they are fresh', async () => {
    const { read, asked, pass, answer } = cacheOf(60)
    await read('https://a.test/1')
    answer('changed')
    pass(59)
    expect([await read('https://a.test/1'), asked.length]).toEqual(['valid', 1])
    pass(1)
    expect([await read('https://a.test/1'), asked.length]).toEqual(['changed', 2])
  })

  it('are not kept at all where they ask not to be', async () => {
    const { read, asked } = cacheOf(0)
    await read('https://a.test/1')
    await read('https://a.test/1')
    expect(asked).toHaveLength(2)
  })

  it.each(['unreachable', 'invalid'])('one that is %s is not kept, and takes the place of none', async (wrong) => {
    const { read, asked, pass, answer } = cacheOf(60)
    answer(wrong)
    await expect(read('https://a.test/1')).rejects.toThrow(wrong)
    await expect(read('https://a.test/1')).rejects.toThrow(wrong)
    expect(asked).toHaveLength(2)
    answer('valid')
    expect(await read('https://a.test/1')).toBe('valid')
    pass(60)
    answer(wrong)
    await expect(read('https://a.test/1'), 'an old copy is no answer').rejects.toThrow(wrong)
  })

  it('parallel readers share one request', async () => {
    const { read, asked } = cacheOf(60)
    await Promise.all([read('https://a.test/1'), read('https://a.test/1'), read('https://a.test/2')])
    expect(asked).toHaveLength(2)
  })

  it('a copy that is too old is read again, however fresh', async () => {
    const { read, asked, pass } = cacheOf(600)
    await read('https://a.test/1')
    await read('https://a.test/1', 60)
    expect(asked).toHaveLength(1)
    pass(60)
    await read('https://a.test/1', 60)
    expect(asked).toHaveLength(2)
  })

  it('are a hundred at most: the one that was not used for longest goes', async () => {
    const { read, asked } = cacheOf(600)
    for (let count = 0; count < 100; count++) await read(`https://a.test/${count}`)
    await read('https://a.test/0')
    await read('https://a.test/new')
    asked.length = 0
    await read('https://a.test/0')
    expect(asked).toEqual([])
    await read('https://a.test/1')
    expect(asked).toEqual(['https://a.test/1'])
  })
})
