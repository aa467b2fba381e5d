/** A rotation step cannot be done. Secrets Manager tries again or gives up; AWSCURRENT stays as it is. */
export class RotationError extends Error {
  override readonly name = 'RotationError'
}
