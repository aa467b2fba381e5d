import { serve } from '../../../lambdas/runtime/serve.ts'
import skillset from './skillset.ts'

export const handler = serve(skillset)
