/** So many wait for a connection that none came free in time. Nothing was done. */
export class DatabaseBusyError extends Error {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds = 1;
  constructor() {
    super('Warroom is busy. Nothing was done; try again in 1 s.');
  }
}
