import { serve } from '../../runtime/serve.ts'
import skillset from './skillset.ts'

export const handler = serve(skillset)
