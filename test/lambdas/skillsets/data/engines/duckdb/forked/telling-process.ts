import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** A process in the place of processes/duckdb.ts: it tells what it has and what it may do, hangs, breaks, or ends. */
process.on('message', ({ id, question }: { id: number; question?: { kind: string; sql: string } }) => {
  if (question?.sql === 'end' || question?.kind === 'open') process.exit(3)
  if (question === undefined || question.sql === 'hang') return
  if (question.sql === 'break') {
    process.send?.({ id, refusal: { code: 'out_of_memory', message: '', hint: '', broken: true } })
    return void setTimeout(() => process.exit(), 100)
  }
  const plan = JSON.stringify({
    environment: Object.keys(process.env).toSorted(),
    directory: process.cwd(),
    arguments: process.argv.slice(2),
    write: attempt(() => writeFileSync('stolen', 'x')),
    spawn: attempt(() => spawnSync('/bin/echo')),
    worker: attempt(() => new Worker('0', { eval: true })),
  })
  process.send?.({ id, answer: { plan } })
})
process.on('disconnect', () => process.exit())

function attempt(work: () => void): string {
  try {
    work()
    return 'done'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
