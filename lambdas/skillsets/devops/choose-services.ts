import { AbilityError } from '../../runtime/ability-error.ts'
import type { Service } from './backends/service-probe.ts'

/**
 * The service of a name, or all where none is named.
 * @throws AbilityError `unknown_service`, naming those there are
 */
export function chooseServices(services: readonly Service[], name: string | undefined): readonly Service[] {
  if (name === undefined) return services
  const service = services.find((one) => one.name === name)
  if (service) return [service]
  throw new AbilityError(
    'unknown_service',
    'No service of this name is configured.',
    services.length === 0
      ? 'No services are configured.'
      : `Known services: ${services.map((one) => one.name).join(', ')}.`,
  )
}
