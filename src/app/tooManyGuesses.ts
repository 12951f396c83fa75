/** Too many wrong secrets came from one place, or for one account; this one was not even looked at. */
export class TooManyGuessesError extends Error {
  override readonly name = 'TooManyGuessesError';
  readonly code = 'RATE_LIMITED';
  /** Whole seconds until one more is looked at. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('Too many wrong credentials came from your address. Wait, then try again.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
