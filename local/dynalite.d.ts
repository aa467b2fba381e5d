declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** A DynamoDB kept in LevelDB under `path`. */
  export default function dynalite(options: {
    readonly path: string
    /** How long a new table is not ACTIVE; milliseconds. */
    readonly createTableMs: number
  }): Server
}
