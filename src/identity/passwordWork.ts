/** Passwords are this long, in characters. */
export const passwordLength = { min: 10, max: 128 } as const;

/** Each takes 32 MB and most of a tenth of a second of one thread of Node's pool of four. */
const atOnce = 2;

/** How many may wait for their turn; more are turned away. */
const waitingAtMost = 100;

/** Too many passwords are being checked; nothing was done. */
export class PasswordsBusyError extends Error {
  override readonly name = 'PasswordsBusyError';
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds = 5;

  constructor() {
    super('Too many people are signing in at this moment. Try again in a few seconds.');
  }
}

/** Hashes passwords and compares them. */
export interface PasswordWork {
  hash(password: string): Promise<string>;
  verify(data: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/**
 * better-auth's scrypt, a few at a time: whoever sends a thousand passwords at once gets neither the memory nor the
 * threads that reading files and looking up names share with it.
 * @throws PasswordsBusyError when too many wait.
 */
export function createPasswordWork(): PasswordWork {
  let running = 0;
  const waiting: (() => void)[] = [];

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingAtMost) throw new PasswordsBusyError();
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  return {
    hash: (password) => inTurn(async () => (await crypto()).hashPassword(password)),
    verify: (data) => inTurn(async () => (await crypto()).verifyPassword(data)),
  };
}

/** Loaded when it is needed: with what it brings along it takes longer than the rest of the sign-in room. */
const crypto = () => import('better-auth/crypto');
