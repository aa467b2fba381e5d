import { runJob } from '../../../runtime/run-job.ts'
import { probeRound } from '../backends/probe-round.ts'
import skillset from '../skillset.ts'

export const handler = runJob(skillset, probeRound)
