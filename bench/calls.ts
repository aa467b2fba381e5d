import { benchColdGate } from './calls/cold-gate.ts'
import { benchGate } from './calls/gate.ts'
import { benchToolCall } from './calls/tool-call.ts'
import { benchWholeFactory } from './calls/whole-factory.ts'

/** What a call costs: the gate's decision, the gate's start, the runtime, and all of it together. */
export async function benchCalls(): Promise<void> {
  await benchGate()
  await benchColdGate()
  await benchToolCall()
  await benchWholeFactory()
}
