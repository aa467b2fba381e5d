import { constants, setPriority } from 'node:os'
import { openBucket } from '../../lambdas/runtime/open-bucket.ts'
import { fillBucket } from './fill-bucket.ts'

/**
 * `fill.ts <bucket> <scale>`, with the environment of an AWS SDK: a process of its own, because this takes seconds of computing,
 * for which nobody's answer shall wait. What it writes is for people.
 */
const [name = '', scale = '1'] = process.argv.slice(2)
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const startedAt = performance.now()
try {
  const { rows, isNew } = await fillBucket(await openBucket(name), Number(scale), () =>
    console.log('Sample data: being made ...'),
  )
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (isNew) console.log(`Sample data: ready (${rows.toLocaleString('en')} rows, ${seconds} s)`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
