import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../lambdas/runtime/define-ability.ts'
import { definePrompt } from '../../../lambdas/runtime/define-prompt.ts'
import { defineResource, defineResourceTemplate } from '../../../lambdas/runtime/define-resource.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { get, read } from '../../../lambdas/runtime/testing.ts'
import { scopesOf, serverRegistration } from '../../../model/skillset-declaration.ts'
import { motto, recommend } from './support/library-skillset.ts'

const metadata = { title: 'Rain', description: 'Rain.', scope: 'weather:read', mimeType: 'text/plain' }
const rain = (uri: string) => defineResource({ ...metadata, uri, read: () => '' })
const rainOn = (uri: string) =>
  defineResourceTemplate({ ...metadata, uri, arguments: z.strictObject({ day: z.string() }), read: ({ day }) => day })
const forecast = (name: string) =>
  definePrompt({ ...metadata, name, arguments: z.strictObject({}), messages: () => 'Forecast.' })

describe('defineResource', () => {
  it.each(['', 'today', '/today', 'weather:', 'weather://{day}', 'weather://to day'])('refuses the URI %j', (uri) => {
    expect(() => rain(uri)).toThrow(/a resource's uri: found ".*"; allowed: an absolute URI/)
  })

  it.each([
    'weather://today',
    '{day}',
    'weather://{day}{day}',
    'weather://{+day}',
    'weather://{?day}',
    'weather://{day',
  ])('refuses the template %j', (uri) => {
    expect(() => rainOn(uri)).toThrow(/a resource's uri: found ".*"; allowed: /)
  })

  it.each([
    'weather://{date}',
    'weather://{day}/{hour}',
    'weather://{day}/{day}',
  ])('refuses %j, whose variables are not those of its arguments', (uri) => {
    expect(() => rainOn(uri)).toThrow(/the variables that its arguments declare \(day\), each once/)
  })
})

describe('defineResourceTemplate', () => {
  it.each([
    'weather://{day}-{month}-{year}',
    'weather://{day}.{month}/{year}~{zone}',
    'weather://{day}{month}',
  ])('refuses %s: it is not plain where a variable ends, and a long URI could take seconds to match', (uri) => {
    const names = [...uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), z.string()])
    const template = { ...metadata, uri, arguments: z.strictObject(Object.fromEntries(names)), read: () => '' }
    expect(() => defineResourceTemplate(template)).toThrow(/apart from each other/)
  })

  it.each(['weather://{name}.{format}', 'weather://{day}/{month}/{year}/{zone}'])('takes %s', (uri) => {
    const names = [...uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), z.string()])
    const template = { ...metadata, uri, arguments: z.strictObject(Object.fromEntries(names)), read: () => '' }
    expect(defineResourceTemplate(template).name).toBe(uri)
  })
})

describe('definePrompt', () => {
  it.each(['', 'a b', 'x'.repeat(65)])('refuses the name %j', (name) => {
    expect(() => forecast(name)).toThrow(/a prompt's name: found ".*"; allowed: 1 to 64 letters/)
  })
})

it('refuses completions of an argument that there is not', () => {
  const wrong = { ...metadata, arguments: z.strictObject({ day: z.string() }), complete: { hour: () => ['12'] } }
  const message = /complete: found "hour"; allowed: its arguments \(day\)/
  expect(() => definePrompt({ ...wrong, name: 'forecast', messages: () => '' })).toThrow(message)
  expect(() => defineResourceTemplate({ ...wrong, uri: 'weather://{day}', read: () => '' })).toThrow(message)
})

describe('icons', () => {
  const about = { ...metadata, input: z.strictObject({}), output: z.strictObject({}), run: () => ({}) }
  const define = (src: string) => defineAbility({ ...about, name: 'rain', icons: [{ src }] })

  it.each(['https://weather.example.com/rain.png', 'data:image/png;base64,AAAA'])('are loaded from %s', (src) => {
    expect(define(src).icons).toEqual([{ src }])
  })

  it.each([
    'http://weather.example.com/rain.png',
    'javascript:alert(1)',
    'data:text/html,x',
    'rain.png',
    'file:///x',
  ])('are not loaded from %s', (src) => {
    expect(() => define(src)).toThrow(/ability rain: an icon's src: found ".*"; allowed: an https URL/)
    expect(() => defineResource({ ...metadata, uri: 'weather://x', icons: [{ src }], read: () => '' })).toThrow(/src/)
  })
})

describe('a skillset of resources and prompts', () => {
  const about = { name: 'weather', title: 'Weather', instructions: 'Weather.', abilities: [] }

  it('has their scopes, and the gate knows each by its name or URI', () => {
    const skillset = defineSkillset({
      ...about,
      resources: [rain('weather://today'), rainOn('weather://days/{day}')],
      prompts: [forecast('forecast')],
    })
    expect(scopesOf(skillset)).toEqual([
      { name: 'weather:read', level: 'everyday', abilities: ['Rain', 'Rain', 'Rain'] },
    ])
    const server = { name: 'weather', resource: 'https://mcp.example.com/weather/mcp', access: {} }
    expect(serverRegistration(skillset, server).abilities).toEqual({
      'weather://today': 'weather:read',
      'weather://days/{day}': 'weather:read',
      forecast: 'weather:read',
    })
  })

  it('has no two things of one name: the gate could not tell them apart', () => {
    const ability = defineAbility({
      ...metadata,
      name: 'forecast',
      input: z.strictObject({}),
      output: z.strictObject({}),
      run: () => ({}),
    })
    expect(() => defineSkillset({ ...about, abilities: [ability], prompts: [forecast('forecast')] })).toThrow(
      /forecast of skillset weather is declared twice/,
    )
    expect(() => defineSkillset({ ...about, resources: [rain('weather://x'), rain('weather://x')] })).toThrow(/twice/)
  })

  it('makes wrong wiring a type error', () => {
    // @ts-expect-error the motto needs services
    defineSkillset({ ...about, services: () => ({ bell: 1 }), resources: [motto] })
    // @ts-expect-error the prompt needs services
    defineSkillset({ ...about, services: () => ({ bell: 1 }), prompts: [recommend] })
    expect(motto.name).toBe('library://motto')
  })
})

it('the test kit reads a resource and gets a prompt as a person', async () => {
  const services = { seen: [] }
  expect(await read(motto, { as: { name: 'alice' }, services })).toBe('Hello, alice')
  expect(await get(recommend, { shelf: 'Art' }, { as: { name: 'alice' }, services })).toEqual([
    { role: 'user', content: { type: 'text', text: 'Recommend a book from Art.' } },
  ])
  await expect(get(recommend, {}, { as: { name: 'alice' }, services })).rejects.toThrow(/^shelf: /)
})
