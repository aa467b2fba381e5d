import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'

/**
 * Has cdk-nag look at every stack when the app is synthesized; what it finds stops the synthesis. Whatever is not to be
 * changed is acknowledged beside the construct that it is about, with the reason.
 */
export function addPacks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
}
