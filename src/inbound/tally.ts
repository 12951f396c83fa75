/** Counts what would fill the log if each of it stood there. */
export interface Tally {
  /** `about`: what the log is told beside the number. */
  count(of: string, about: object): void;
}

/** Milliseconds between two lines of the log about the same. */
const between = 60_000;

/** How many are counted at once; of more nothing is told. */
const counted = 10_000;

/**
 * Has the log told at once of the first, and once a minute of how many more there were since, as long as there are
 * more. Keeps no process up.
 */
export function createTally(log: { warn(details: object, message: string): void }, message: string): Tally {
  const told = new Map<string, { since: number; about: object }>();
  const tellLater = (of: string): void => {
    setTimeout(() => {
      const { since, about } = told.get(of) ?? { since: 0, about: {} };
      if (since === 0) return told.delete(of);
      told.set(of, { since: 0, about });
      log.warn({ ...about, count: since }, message);
      return tellLater(of);
    }, between).unref();
  };
  return {
    count(of, about) {
      const known = told.get(of);
      if (known !== undefined) known.since += 1;
      else if (told.size < counted) {
        told.set(of, { since: 0, about });
        log.warn({ ...about, count: 1 }, message);
        tellLater(of);
      }
    },
  };
}
