import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { SkillsetError } from '../model/skillset-declaration.ts'

/**
 * Refuses a body in which API Gateway would see its template language: `$` and `#` are live in a MOCK response
 * (PLATFORM 9), and nothing at deploy would say so.
 * @throws SkillsetError where a literal part of the body has one of the two
 */
export function assertNoTemplateLanguage(scope: Construct, body: string): void {
  const [found] = literalParts(Stack.of(scope).resolve(body)).flatMap((part) => part.match(/.{0,20}[$#].{0,20}/) ?? [])
  if (found !== undefined)
    throw new SkillsetError(`${scope.node.path}: "$" and "#" are template language in this answer; found ${found}`)
}

/** The strings of a resolved value that are no intrinsic's own argument. */
function literalParts(resolved: unknown): string[] {
  if (typeof resolved === 'string') return [resolved]
  const parts = (resolved as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join']?.[1]
  return parts?.flatMap(literalParts) ?? []
}
