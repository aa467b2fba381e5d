import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Cpu, LayerPackage } from '../../../lib/layers/contents.ts'
import { writeLayer } from '../../../lib/layers/write-layer.ts'
import { ARM64, elfHeader, X86_64 } from './elf.ts'

const NAME = '@native/db-linux-arm64'
const PACKAGE: LayerPackage = { name: NAME, files: ['db.node', 'lib/libdb.so'], cpu: 'arm64' }

/** A project with npm's folder, and a registry that has the package for the other processor. */
function project({ machine = ARM64, altered = false } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'layer-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const put = (folder: string) => {
    write(`${folder}/package.json`, JSON.stringify({ name: NAME, version: '1.2.3' }))
    write(`${folder}/db.node`, elfHeader(machine))
    write(`${folder}/lib/libdb.so`, elfHeader(machine))
    write(`${folder}/README.md`, 'not needed')
  }
  put('registry/package')
  const tarball = join(root, 'registry', 'db.tgz')
  execFileSync('tar', ['-czf', tarball, '-C', join(root, 'registry'), 'package'])
  const bytes = readFileSync(tarball)
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const downloads: string[] = []
  const sources = {
    nodeModules: join(root, 'node_modules'),
    cache: join(root, 'cache'),
    locked: (name: string) => ({ name, version: '1.2.3', integrity }),
    download: ({ name, version }: { name: string; version: string }, folder: string) => {
      downloads.push(`${name}@${version}`)
      writeFileSync(join(folder, 'db-1.2.3.tgz'), altered ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes)
    },
  }
  const layer = (cpu: Cpu = 'arm64', packages = [PACKAGE]) => {
    const directory = mkdtempSync(join(root, 'out-'))
    writeLayer(packages, cpu, directory, sources)
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .sort()
  }
  return { root, layer, put, downloads, cached: () => readdirSync(join(root, 'cache')) }
}

const WRITTEN = ['db.node', 'lib/libdb.so', 'package.json'].map((file) => `nodejs/node_modules/${NAME}/${file}`)

describe('a layer', () => {
  it('has the installed package where there is one, and nothing is downloaded', () => {
    const { layer, put, downloads } = project()
    put(`node_modules/${NAME}`)
    expect(layer()).toEqual(WRITTEN)
    expect(downloads).toEqual([])
  })

  it('of another processor has the version of the lockfile, downloaded once', () => {
    const { layer, downloads, cached } = project()
    expect(layer()).toEqual(WRITTEN)
    expect(layer()).toEqual(WRITTEN)
    expect(downloads).toEqual([`${NAME}@1.2.3`])
    expect(cached()).toEqual(['@native+db-linux-arm64-1.2.3'])
  })

  it('is not made of a tarball that is not the lockfile’s, of which nothing is kept', () => {
    const { layer, cached } = project({ altered: true })
    expect(layer).toThrow(/^@native\/db-linux-arm64@1\.2\.3: found sha512-\S+; allowed: sha512-\S+, as package-lock/)
    expect(cached()).toEqual([])
  })

  it('is not made of code for another processor', () => {
    const { layer } = project({ machine: X86_64 })
    expect(layer).toThrow('db.node: found ELF machine 0x3e; allowed: Linux arm64 (0xb7)')
  })

  it('has packages for any processor as they are installed, and asks for npm ci where they are not', () => {
    const { layer, put, downloads } = project()
    const any: LayerPackage = { name: 'fonts', files: ['one.ttf'] }
    expect(() => layer('x64', [any])).toThrow('fonts is not installed: run npm ci')
    put('node_modules/fonts')
    expect(() => layer('x64', [any])).toThrow('one.ttf')
    expect(layer('x64', [{ ...any, files: ['README.md'] }])).toEqual([
      'nodejs/node_modules/fonts/README.md',
      'nodejs/node_modules/fonts/package.json',
    ])
    expect(downloads).toEqual([])
  })
})
