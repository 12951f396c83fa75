/** A command that cannot be carried out as asked; the message is the one line to show. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
