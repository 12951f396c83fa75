/** The database cannot be used as things are; the message is one line that says why and what to do about it. */
export class CannotStartError extends Error {
  override readonly name = 'CannotStartError';
}
