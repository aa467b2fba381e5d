import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll } from 'vitest'
import { buildFactory } from '../../lib/factory.ts'
import { defineFactory, type FactoryConfig, type FactoryConfigInput } from '../../model/factory-config.ts'
import type { AbilityDeclaration, ConfiguredSkillset, SkillsetDeclaration } from '../../model/skillset-declaration.ts'
import type { TemplateJson } from './template-json.ts'

const PRODUCTIVITY: ConfiguredSkillset = {
  name: 'productivity',
  title: 'Productivity',
  needs: [{ kind: 'table' }, { kind: 'secret', name: 'google-service-account', optional: true }],
  abilities: [
    { name: 'list_events', title: 'List calendar events', scope: 'calendar:read', level: 'everyday' },
    { name: 'create_event', title: 'Create a calendar event', scope: 'calendar:write', level: 'everyday' },
  ],
}

const DEVOPS: ConfiguredSkillset = {
  name: 'devops',
  title: 'DevOps',
  needs: [{ kind: 'table' }, { kind: 'schedule', name: 'probe-services', everyMinutes: 1 }],
  abilities: [
    { name: 'check_service_health', title: 'Check services', scope: 'health:read', level: 'everyday' },
    { name: 'trigger_deployment', title: 'Trigger a deployment', scope: 'deploy:run', level: 'privileged' },
  ],
}

export const SKILLSETS = { productivity: PRODUCTIVITY, devops: DEVOPS }

/** The sample skillsets, productivity with one more ability. */
export function skillsetsWith(ability: AbilityDeclaration) {
  return { ...SKILLSETS, productivity: { ...PRODUCTIVITY, abilities: [...PRODUCTIVITY.abilities, ability] } }
}

const CONFIG: FactoryConfigInput = {
  stage: 'prod',
  organisation: 'Example',
  connection: { provider: 'google', allowedDomains: ['example.com', 'partner.test'], secretVersion: 'version-1' },
  signInPrefix: 'example-mcp',
  tenants: { 'example.com': 'example', 'partner.test': 'partner' },
  servers: {
    productivity: { skillset: 'productivity' },
    devops: { skillset: 'devops', privileged: { people: ['bob@example.com'] }, options: { services: [] } },
  },
}

export function sampleConfig(changes: Partial<FactoryConfigInput> = {}): FactoryConfig {
  return defineFactory({ ...CONFIG, ...changes })
}

export const DOMAIN = { name: 'mcp.example.com', certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' }

/** What the local runner adds to the context, all APIs on one host. */
export const ONE_ORIGIN = { origin: 'http://localhost:4100', arch: 'x86_64', tracing: 'off' }

/** The same with an origin per API. */
export const NO_DOMAIN = {
  ...ONE_ORIGIN,
  origin: JSON.stringify({
    authorization: 'http://localhost:4101',
    servers: { productivity: 'http://localhost:4102', devops: 'http://localhost:4103' },
  }),
}

const FLAGS: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context

const assemblies = mkdtempSync(join(tmpdir(), 'factory-'))
afterAll(() => rmSync(assemblies, { recursive: true }))

export interface SampleOptions {
  readonly config?: FactoryConfig
  readonly skillsets?: Readonly<Record<string, SkillsetDeclaration>>
  readonly context?: Readonly<Record<string, unknown>>
  /** CloudFormation's rules, as bin/app.ts has them; slow. */
  readonly validate?: boolean
}

/** A factory in an app of its own, as bin/app.ts builds it, but with no function bundled (PLATFORM 22). */
export function sampleFactory(options: SampleOptions = {}) {
  const { config = sampleConfig(), skillsets = SKILLSETS, context = {}, validate = false } = options
  const app = new App({
    context: { ...FLAGS, 'aws:cdk:bundling-stacks': [], ...context },
    outdir: mkdtempSync(join(assemblies, 'cdk-')),
    builtinCloudFormationValidation: validate,
  })
  return { app, ...buildFactory(app, config, skillsets) }
}

/** The templates by stack name. */
export function sampleTemplates(options: SampleOptions = {}): Record<string, TemplateJson> {
  const { authorization, servers } = sampleFactory(options)
  return Object.fromEntries(
    [authorization, ...Object.values(servers)].map((stack) => [
      stack.stackName,
      Template.fromStack(stack).toJSON() as TemplateJson,
    ]),
  )
}

export function authorizationTemplate(options: SampleOptions = {}): TemplateJson {
  return Template.fromStack(sampleFactory(options).authorization).toJSON() as TemplateJson
}

export function serverTemplate(server: string, options: SampleOptions = {}): TemplateJson {
  const stack = sampleFactory(options).servers[server]
  if (stack === undefined) throw new Error(`no server ${server}`)
  return Template.fromStack(stack).toJSON() as TemplateJson
}
