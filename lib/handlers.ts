/** The file of each function's handler, below the project's root. */
export const HANDLERS = {
  oauth: 'lambdas/oauth/handler.ts',
  keyRotation: 'lambdas/key-rotation/handler.ts',
  registrar: 'lambdas/registrar/handler.ts',
  authorizer: 'lambdas/authorizer/handler.ts',
} as const

export function skillsetHandler(skillset: string): string {
  return `lambdas/skillsets/${skillset}/handler.ts`
}
