import { secretVariable, serverSecretName } from '../../model/names.ts'
import type { FactoryFunction } from '../function.ts'
import { importSecret, readImportedSecret } from '../imported-secret.ts'
import type { NeedTarget } from './need-target.ts'

/**
 * A secret that was stored before the deployment. Its ARN is in the environment whether or not the secret exists: an
 * optional one that does not is for the runtime to find out.
 */
export function provideSecret(
  { scope, stage, server }: NeedTarget,
  functions: readonly FactoryFunction[],
  name: string,
): void {
  const secret = importSecret(scope, serverSecretName(stage, server, name))
  for (const each of functions) {
    each.function.addEnvironment(secretVariable(name), secret.arn)
    each.allow(readImportedSecret(`ReadSecret${pascalCase(name)}`, secret))
  }
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase())
}
