import { codeForm, postToken, redeem, refresh, refreshForm } from './client.ts'
import type { ServerProcess } from './server-process.ts'

/**
 * Whether a server does what it is measured at: a wrong answer is never fast.
 * @throws Error naming what is wrong
 */
export async function checkAnswers({ tokenUrl, ...server }: ServerProcess): Promise<void> {
  const [code, other] = await server.issueCodes(2)
  if (code === undefined || other === undefined) throw new Error('it issues no codes')
  const first = await redeem(tokenUrl, code)
  const second = await refresh(tokenUrl, first)
  for (const { accessToken } of [first, second]) {
    expect(await server.accepts(accessToken), 'its access token is not accepted')
    const at = accessToken.length - 10
    const forged = accessToken.slice(0, at) + (accessToken[at] === 'A' ? 'B' : 'A') + accessToken.slice(at + 1)
    expect(!(await server.accepts(forged)), 'a forged access token is accepted')
  }
  const refused = {
    'a code without its verifier': { ...codeForm(other), code_verifier: code.verifier },
    'a code of another redirect URI': { ...codeForm(other), redirect_uri: 'http://127.0.0.1:1/elsewhere' },
    'an unknown refresh token': {
      ...refreshForm(second),
      refresh_token: `${second.refreshToken.slice(0, -10)}AAAAAAAAAA`,
    },
    'an unknown client': { ...refreshForm(second), client_id: 'nobody' },
    'a code for the second time': codeForm(code),
  }
  for (const [what, form] of Object.entries(refused))
    expect((await postToken(tokenUrl, form)).status >= 400, `it takes ${what}`)
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
