import { describe, expect, it } from 'vitest'
import { ONE_ORIGIN, SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { functionOf, only, resourcesOfType } from '../template-json.ts'

const templateWith = (context: Readonly<Record<string, unknown>>) =>
  serverTemplate('devops', {
    config: sampleConfig(),
    skillsets: {
      ...SKILLSETS,
      devops: {
        ...SKILLSETS.devops,
        needs: [
          { kind: 'layer', name: 'duckdb' },
          { kind: 'size', memoryMegabytes: 3008, ephemeralMegabytes: 2048 },
        ],
      },
    },
    context,
  })

describe('a layer', () => {
  it.each([
    ['arm64', {}],
    ['x86_64', { arch: 'x86_64' }],
  ])('is one for %s of the function that needs it', (architecture, context) => {
    const template = templateWith(context)
    const [[id] = ['']] = resourcesOfType(template, 'AWS::Lambda::LayerVersion')
    expect(only(template, 'AWS::Lambda::LayerVersion').Properties).toMatchObject({
      CompatibleArchitectures: [architecture],
      CompatibleRuntimes: ['nodejs24.x'],
    })
    expect(functionOf(template, 'devops')[1].Properties.Layers).toEqual([{ Ref: id }])
    expect(functionOf(template, 'devops-authorizer')[1].Properties.Layers).toBeUndefined()
  })

  it('is another asset for another architecture, and on one machine', () => {
    const keys = [{}, { arch: 'x86_64' }, ONE_ORIGIN].map(
      (context) => only(templateWith(context), 'AWS::Lambda::LayerVersion').Properties.Content.S3Key,
    )
    expect(new Set(keys).size).toBe(3)
  })
})

it('a size is that of the function, its gate stays as it is', () => {
  const template = templateWith({})
  expect(functionOf(template, 'devops')[1].Properties).toMatchObject({
    MemorySize: 3008,
    EphemeralStorage: { Size: 2048 },
  })
  expect(functionOf(template, 'devops-authorizer')[1].Properties).not.toHaveProperty('EphemeralStorage')
})
