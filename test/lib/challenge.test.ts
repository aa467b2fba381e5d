import { describe, expect, it } from 'vitest'
import { unauthorizedChallenge } from '../../lib/challenge.ts'
import { SkillsetError } from '../../model/skillset-declaration.ts'

const scope = (name: string, level: 'everyday' | 'privileged') => ({ name, level, abilities: [] })
const METADATA = 'https://mcp.example.com/devops/.well-known/oauth-protected-resource'

describe('the challenge of a 401', () => {
  it('RS-02, CL-04: names the metadata and the everyday scopes alone', () => {
    const scopes = [scope('health:read', 'everyday'), scope('deploy:run', 'privileged'), scope('logs:read', 'everyday')]
    expect(unauthorizedChallenge(METADATA, scopes)).toBe(
      `Bearer resource_metadata="${METADATA}", scope="health:read logs:read"`,
    )
  })

  it('leaves scope out where there is none', () => {
    expect(unauthorizedChallenge(METADATA, [scope('deploy:run', 'privileged')])).toBe(
      `Bearer resource_metadata="${METADATA}"`,
    )
  })

  it('refuses a scope that would end the literal', () => {
    expect(() => unauthorizedChallenge(METADATA, [scope("it's", 'everyday')])).toThrow(SkillsetError)
  })
})
