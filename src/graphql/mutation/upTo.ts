/** What a field's description says of its length: `At most 1,000 characters.` */
export function upTo(limit: number): string {
  return `At most ${limit.toLocaleString('en-US')} characters.`;
}
