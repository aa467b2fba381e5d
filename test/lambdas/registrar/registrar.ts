import { registrarHandler } from '../../../lambdas/registrar/registrar-handler.ts'
import { openRegistrations, type Registrations } from '../../../lambdas/registrar/registrations.ts'
import { openTable } from '../../../lambdas/store/table.ts'
import { type LocalTable, startLocalTable, TABLE_NAME } from '../store/local-table.ts'
import { type Answer, AUTHORIZATION_STACK, stackId, startResponseUrl } from './cloudformation.ts'

export const SERVER_STACK = 'prod-mcp-server-devops'

/** The registrar's part of a test's table. */
export function registrationsOf({ client }: LocalTable): Registrations {
  return openRegistrations(openTable(client, TABLE_NAME, () => Math.floor(Date.now() / 1000)))
}

/** A registrar on a table of its own, and CloudFormation asking it. */
export async function startRegistrar(statuses?: readonly number[]) {
  const stack = new AsyncDisposableStack()
  const table = stack.use(await startLocalTable())
  const cloudFormation = stack.use(await startResponseUrl(statuses))
  const logged: unknown[] = []
  const log = (...line: unknown[]) => logged.push(line)
  const handler = registrarHandler(registrationsOf(table), AUTHORIZATION_STACK, { error: log }, log)
  let requests = 0
  const ask = async (event: Record<string, unknown>): Promise<Answer> => {
    await handler({
      StackId: stackId(SERVER_STACK),
      RequestId: `request-${++requests}`,
      LogicalResourceId: 'Registration',
      ResourceType: 'Custom::McpServer',
      ResponseURL: cloudFormation.url,
      ...event,
    })
    const { answer } = cloudFormation.puts.at(-1) ?? {}
    if (answer === undefined) throw new Error('CloudFormation was not answered')
    return answer
  }
  const properties = (document: unknown) => ({
    ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:prod-mcp-registrar',
    Registration: JSON.stringify(document),
  })
  return {
    table,
    cloudFormation,
    logged,
    handler,
    ask,
    create: (document: unknown, stackName = SERVER_STACK, logicalId = 'Registration') =>
      ask({
        RequestType: 'Create',
        StackId: stackId(stackName),
        LogicalResourceId: logicalId,
        ResourceProperties: properties(document),
      }),
    update: (document: unknown, physicalId: string, stackName = SERVER_STACK) =>
      ask({
        RequestType: 'Update',
        StackId: stackId(stackName),
        PhysicalResourceId: physicalId,
        ResourceProperties: properties(document),
        OldResourceProperties: {},
      }),
    remove: (physicalId: string, stackName = SERVER_STACK, logicalId = 'Registration') =>
      ask({
        RequestType: 'Delete',
        StackId: stackId(stackName),
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceProperties: {},
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
export const serverItem = (table: LocalTable, name: string) => table.get(`SERVER#${name}`, 'SERVER')
export const directoryItem = (table: LocalTable, name: string) => table.get('SERVERS', name)
