/** A registration is refused. CloudFormation shows the message to whoever deploys; it names nothing but their own input. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
