import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { assertFunctionsFit } from '../../../lib/layers/functions-fit.ts'
import { ARM64, elfHeader, X86_64 } from './elf.ts'

/** A synthesis with one function of one layer, whose native code is for a processor. */
function assembly(architecture: string, native: Buffer, layerBytes = native.length) {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const asset of ['code', 'layer']) mkdirSync(join(folder, asset))
  writeFileSync(join(folder, 'code', 'index.mjs'), 'export {}')
  writeFileSync(join(folder, 'layer', 'db.node'), native)
  truncateSync(join(folder, 'layer', 'db.node'), layerBytes)
  const template = {
    Resources: {
      Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Key: 'layer.zip' } } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Architectures: [architecture], Code: { S3Key: 'code.zip' }, Layers: [{ Ref: 'Layer' }] },
      },
    },
  }
  const assets = new Map(['code', 'layer'].map((asset) => [`${asset}.zip`, join(folder, asset)]))
  return { stack: { name: 'data', template, assets }, folder }
}

it.each([
  ['arm64', ARM64],
  ['x86_64', X86_64],
])('native code for %s fits a function for it', (architecture, machine) => {
  const { stack, folder } = assembly(architecture, elfHeader(machine))
  expect(() => assertFunctionsFit([stack], folder)).not.toThrow()
})

it.each([
  ['arm64', elfHeader(X86_64), 'data Function: db.node: found ELF machine 0x3e; allowed: Linux arm64 (0xb7)'],
  ['x86_64', elfHeader(ARM64), 'data Function: db.node: found ELF machine 0xb7; allowed: Linux x64 (0x3e)'],
  ['x86_64', Buffer.from('cffaedfe0c000001', 'hex'), 'db.node: found no ELF file'],
])('for %s other native code is found', (architecture, native, message) => {
  const { stack, folder } = assembly(architecture, native)
  expect(() => assertFunctionsFit([stack], folder)).toThrow(message)
})

it('more than 250 MB with its layers are found', () => {
  const { stack, folder } = assembly('arm64', elfHeader(ARM64), 250 * 1024 * 1024)
  expect(() => assertFunctionsFit([stack], folder)).toThrow('found 262144009 bytes with its layers; allowed: 262144000')
})

it('what was not bundled is not looked at', () => {
  const { stack } = assembly('arm64', elfHeader(X86_64))
  expect(() => assertFunctionsFit([stack], join(tmpdir(), 'elsewhere'))).not.toThrow()
})
