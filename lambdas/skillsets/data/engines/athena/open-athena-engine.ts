import { STSClient } from '@aws-sdk/client-sts'
import type { AthenaAccess } from '../../../../../model/skillset-declaration.ts'
import { AWS_CLIENT } from '../../../../store/aws-client.ts'
import type { AthenaOptions } from '../../options.ts'
import type { Engine } from '../engine.ts'
import { clientOf } from './access.ts'
import { createAthenaEngine } from './athena-engine.ts'

/**
 * The engine that the options name. Import this file where Athena is configured alone: it brings two clients of AWS.
 * @param access by tenant, as the need `athena` gives it
 */
export function openAthenaEngine(
  { datasets, scanMegabytes, source }: AthenaOptions,
  access: Readonly<Record<string, AthenaAccess>>,
): Engine {
  const sts = new STSClient(AWS_CLIENT)
  return createAthenaEngine({
    datasets,
    access,
    client: (tenant) => clientOf(tenant, sts),
    scanMegabytes,
    hidden: [source.bucket],
  })
}
