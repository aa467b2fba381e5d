import { EVERY_OTHER_TOOL } from './ability-scopes.ts'
import type { ProxyServerConfig } from './factory-config.ts'
import type { ConfiguredSkillset } from './skillset-declaration.ts'

/**
 * A proxy in the form of a skillset: infrastructure, registration and gate treat both alike. Its needs are the secrets
 * of its headers; a public one has no ability, so no scope.
 */
export function proxyDeclaration(name: string, { title, proxy }: ProxyServerConfig): ConfiguredSkillset {
  const secrets = Object.values(proxy.headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))
  const use = {
    name: EVERY_OTHER_TOOL,
    title: `Use ${title}`,
    scope: proxy.scope ?? `${name}:use`,
    level: 'everyday',
  } as const
  const tools = Object.entries(proxy.tools).map(([tool, { scope, level, title: words = tool }]) => ({
    name: tool,
    title: words,
    scope,
    level,
  }))
  return {
    name,
    title,
    needs: [...new Set(secrets)].map((secret) => ({ kind: 'secret', name: secret, optional: false })),
    abilities: proxy.public ? [] : [use, ...tools],
  }
}
