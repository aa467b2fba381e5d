import type { SynthesizedStack, TemplateResource } from '../../../local/cloud-assembly.ts'

/** What the templates say of what is paid for. Memory is in MB. */
export interface Deployment {
  readonly memory: Readonly<Record<'gate' | 'skillset' | 'oauth', number>>
  readonly jobs: readonly { readonly everyMinutes: number; readonly memory: number }[]
  /** Those of the templates, and the one with the connection's credentials. */
  readonly secrets: number
}

export function deploymentOf(stacks: readonly SynthesizedStack[]): Deployment {
  const resources = stacks.flatMap(({ template }) => Object.entries(template.Resources))
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type)
  const memoryOf = (service: RegExp) =>
    Math.max(
      ...ofType('AWS::Lambda::Function')
        .filter(([, resource]) => service.test(serviceOf(resource)))
        .map(([, { Properties }]) => Number(Properties?.MemorySize)),
    )
  return {
    memory: { gate: memoryOf(/-authorizer$/), skillset: memoryOf(/^productivity$/), oauth: memoryOf(/^oauth$/) },
    jobs: ofType('AWS::Events::Rule').map(([, { Properties }]) => ({
      everyMinutes: Number(/^rate\((\d+) minutes?\)$/.exec(String(Properties?.ScheduleExpression))?.[1]),
      memory: memoryOf(/-probe-services$/),
    })),
    secrets: ofType('AWS::SecretsManager::Secret').length + 1,
  }
}

function serviceOf({ Properties }: TemplateResource): string {
  const { Variables } = Properties?.Environment as { Variables: Readonly<Record<string, unknown>> }
  return String(Variables.POWERTOOLS_SERVICE_NAME)
}
