/** A session ends after so many seconds, whatever happens: 30 days. */
export const sessionSeconds = 30 * 24 * 3_600;

/** A session that is not used for so many milliseconds ends sooner: 7 days. */
export const idleMilliseconds = 7 * 24 * 3_600_000;

/** A one-time sign-in link and a password reset link hold for so many seconds: an hour. */
export const linkSeconds = 3_600;
