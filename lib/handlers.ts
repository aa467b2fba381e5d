import type { ConfiguredSkillset } from '../model/skillset-declaration.ts'

/** The file of each function's handler, below the project's root. */
export const HANDLERS = {
  oauth: 'lambdas/oauth/handler.ts',
  keyRotation: 'lambdas/key-rotation/handler.ts',
  registrar: 'lambdas/registrar/handler.ts',
  authorizer: 'lambdas/authorizer/handler.ts',
} as const

/** Of every server that is a proxy. */
export const PROXY_HANDLER = 'lambdas/proxy/handler.ts'

export function skillsetHandler(skillset: string): string {
  return `lambdas/skillsets/${skillset}/handler.ts`
}

export function jobHandler(skillset: string, job: string): string {
  return `lambdas/skillsets/${skillset}/jobs/${job}.ts`
}

/** The files of all functions of a skillset: the one that serves it and its jobs'. */
export function skillsetHandlers({ name, needs }: ConfiguredSkillset): string[] {
  const jobs = needs.filter((need) => need.kind === 'schedule').map((job) => jobHandler(name, job.name))
  return [skillsetHandler(name), ...jobs]
}
