/**
 * AWS's list prices for us-east-1 in US dollars, without any free tier but Cognito's, which does not end. Looked up on
 * this day in pages that quote them; each source is AWS's own page, where the price of today is.
 */
export const PRICES_OF = '2026-11-22'

export const PRICES = {
  httpApiRequest: {
    shown: 1.0,
    for: 1e6,
    per: 'million requests',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  restApiRequest: {
    shown: 3.5,
    for: 1e6,
    per: 'million requests',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  lambdaRequest: { shown: 0.2, for: 1e6, per: 'million requests', source: 'https://aws.amazon.com/lambda/pricing/' },
  lambdaGigabyteSecond: {
    shown: 0.0000133334,
    for: 1,
    per: 'GB-second, arm64',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  dynamoDbRead: {
    shown: 0.125,
    for: 1e6,
    per: 'million read request units, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  dynamoDbWrite: {
    shown: 0.625,
    for: 1e6,
    per: 'million write request units, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  dynamoDbStorage: {
    shown: 0.25,
    for: 1,
    per: 'GB-month',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  pointInTimeRecovery: {
    shown: 0.2,
    for: 1,
    per: 'GB-month',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  secret: { shown: 0.4, for: 1, per: 'secret and month', source: 'https://aws.amazon.com/secrets-manager/pricing/' },
  secretRequest: {
    shown: 0.05,
    for: 1e4,
    per: '10,000 requests',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  logIngested: { shown: 0.5, for: 1, per: 'GB', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  logStored: { shown: 0.03, for: 1, per: 'GB-month', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  trace: { shown: 5.0, for: 1e6, per: 'million traces recorded', source: 'https://aws.amazon.com/xray/pricing/' },
  cognitoSocial: {
    shown: 0.0055,
    for: 1,
    per: 'person a month above 10,000, Lite plan, Google',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  cognitoOidc: {
    shown: 0.015,
    for: 1,
    per: 'person a month above 50, OpenID Connect',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
} as const

/** People a month whom Cognito takes for nothing. */
export const COGNITO_FREE = { social: 10_000, oidc: 50 } as const
