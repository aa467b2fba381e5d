import type { JobContext } from '../../../runtime/run-job.ts'
import type { DevopsServices } from '../services.ts'
import { probe } from './service-probe.ts'

/**
 * Probes every service once, all at the same time, and keeps what was found under the time the round was due.
 * @throws AggregateError where results could not be kept, after all others were
 */
export async function probeRound({ services, scheduledAt, signal, log }: JobContext<DevopsServices>): Promise<void> {
  const rounds = await Promise.allSettled(
    services.services.map(async (service) => {
      const result = await probe(service, services.now, signal)
      await services.history.add(service.name, scheduledAt, result)
      if (result.status !== 'healthy') log.warn('service is not healthy', { probed: service.name, ...result })
    }),
  )
  const lost = rounds.filter((round) => round.status === 'rejected').map(({ reason }) => reason)
  if (lost.length > 0) throw new AggregateError(lost, `${lost.length} of ${rounds.length} results were not kept`)
}
