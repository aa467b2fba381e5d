import { describe, expect, it } from 'vitest'
import { findSecret } from '../../cli/named-secret.ts'
import config from '../../local/demo/sample.config.ts'
import type { Need } from '../../model/skillset-declaration.ts'

const declaration = (server: string, ...names: string[]) => ({
  server,
  needs: [{ kind: 'table' }, ...names.map((name) => ({ kind: 'secret', name, optional: false }))] as Need[],
})
const DECLARATIONS = [declaration('one', 'shared', 'own'), declaration('two', 'shared', 'google')]

const find = (name: string, server?: string) => findSecret(name, server, { ...config, stage: 'dev' }, DECLARATIONS)

describe('the secret that is meant', () => {
  it.each([
    ['own', undefined, 'dev-mcp/one/own'],
    ['two/shared', undefined, 'dev-mcp/two/shared'],
    ['shared', 'one', 'dev-mcp/one/shared'],
    ['google', undefined, 'dev-mcp/connection/google'],
    ['google', 'two', 'dev-mcp/two/google'],
  ])('%s of server %s is %s', (name, server, physicalName) => {
    expect(find(name, server).physicalName).toBe(physicalName)
  })

  it.each([
    ['shared', undefined, 'found shared; allowed: one/shared, two/shared'],
    ['own', 'two', 'found two/own; allowed: google, oidc, one/shared, one/own, two/shared, two/google'],
  ])('%s of server %s: %s', (name, server, message) => {
    expect(() => find(name, server)).toThrow(message)
  })
})
