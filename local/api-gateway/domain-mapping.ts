import * as z from 'zod'

import { parsedResources } from '../resource-properties.ts'
import type { Stack } from '../stack.ts'

/** Where a custom domain maps an API: `mappingKey` is the path prefix without slashes, '' at the root. */
export interface DomainMapping {
  readonly domainName: string
  readonly mappingKey: string
}

const apiMapping = z.strictObject({
  ApiId: z.string(),
  Stage: z.string(),
  DomainName: z.string(),
  ApiMappingKey: z.string().default(''),
})

/** All mappings of custom domains (PLATFORM 6). */
export function domainMappings(stacks: readonly Stack[]) {
  return parsedResources(stacks, 'AWS::ApiGatewayV2::ApiMapping', apiMapping).map(({ resource, properties }) => {
    const { ApiId: apiId, Stage: stage, DomainName: domainName, ApiMappingKey: mappingKey } = properties
    return { resource, apiId, stage, target: { domainName, mappingKey } satisfies DomainMapping }
  })
}
