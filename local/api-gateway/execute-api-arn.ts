import { ACCOUNT, REGION } from '../resource-types.ts'

/** @param source such as `<api>/<stage>/POST/mcp`: a method's, a route's or an authorizer's */
export function executeApiArn(source: string): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT}:${source}`
}
