import { board } from './board.ts'
import { startFactory } from './factory.ts'
import { UnsupportedError } from './stack.ts'
import { StartError } from './start-error.ts'
import { readStartOptions, USAGE } from './start-options.ts'
import { tellFailures } from './tell-failures.ts'

/** As it was at first: npm may be ended while the factory starts. */
const PARENT = process.ppid

/** `npm start`. */
try {
  const options = readStartOptions(process.argv.slice(2), process.env)
  if (options === 'help') process.stdout.write(USAGE)
  else {
    process.stdout.write('Synthesizing the factory ...\n')
    const say = (message: string) => process.stdout.write(`\n${message}\n`)
    const factory = await startFactory({ ...options, hotReload: say, sampleData: say })
    process.stdout.write(
      `\n${board(factory)}Edit a file below lambdas/ and save it: its function answers with it at once.\n`,
    )
    const endTelling = tellFailures(factory.logs, say)
    let stopping = false
    const stop = () => {
      if (stopping) return
      stopping = true
      endTelling()
      process.stdout.write('\nStopping ...\n')
      factory.stop().then(() => process.exit(0))
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    stopWithNpm(stop)
  }
} catch (error) {
  if (!(error instanceof StartError || error instanceof UnsupportedError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

/** A signal that ends npm does not reach the script it runs; what then shows is another parent. */
function stopWithNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const watch = setInterval(() => {
    if (process.ppid === PARENT) return
    clearInterval(watch)
    stop()
  }, 500)
}
