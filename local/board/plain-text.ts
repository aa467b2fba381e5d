/** Text of a log without the characters that steer a terminal, or turn the text around them the other way. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
}
