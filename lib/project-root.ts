import { join } from 'node:path'

/** The folder that the project lies in. */
export const PROJECT_ROOT = join(import.meta.dirname, '..')
