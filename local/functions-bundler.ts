import { type BuildContext, type BuildFailure, context, type OutputFile, stop as stopEsbuild } from 'esbuild'
import { bundling } from '../lib/bundling.ts'

/** Milliseconds without an edit after which esbuild's process, of some 200 MB, is ended. */
const IDLE = 120_000

/**
 * Bundles functions again and again. esbuild keeps what it has parsed for the functions of the last time alone: whoever
 * edits, edits the same again.
 */
export class FunctionsBundler {
  readonly #root: string
  #kept: { readonly entries: string; readonly context: BuildContext<ReturnType<typeof bundling>> } | undefined
  #idle: NodeJS.Timeout | undefined

  /** @param root the project's folder */
  constructor(root: string) {
    this.#root = root
  }

  /** @throws BuildFailure */
  async bundle(entries: readonly string[]): Promise<readonly OutputFile[]> {
    clearTimeout(this.#idle)
    try {
      const key = entries.join()
      if (this.#kept?.entries !== key) {
        await this.#kept?.context.dispose()
        this.#kept = undefined
        this.#kept = { entries: key, context: await context(bundling(entries, this.#root)) }
      }
      const { outputFiles } = await this.#kept.context.rebuild()
      return outputFiles
    } catch (error) {
      // Its process has ended, for want of memory for one: the next bundle starts another.
      if ((error as Partial<BuildFailure>).errors === undefined) await this.stop()
      throw error
    } finally {
      this.#idle = setTimeout(() => this.stop(), IDLE).unref()
    }
  }

  /** Ends esbuild's process. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#kept?.context.dispose()
    this.#kept = undefined
    await stopEsbuild()
  }
}
