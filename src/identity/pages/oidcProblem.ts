/** What better-auth calls it → what to tell the person. */
const sentences: Readonly<Record<string, string>> = {
  access_denied: 'You did not allow it there.',
  state_mismatch: 'It was begun in another browser, or too long ago. Try again.',
  state_not_found: 'It was begun in another browser, or too long ago. Try again.',
  state_invalid: 'It was begun in another browser, or too long ago. Try again.',
  email_not_verified: 'It has not verified your email address.',
  email_not_found: 'It did not tell your email address.',
  unable_to_get_user_info: 'What it said of you could not be trusted.',
  unable_to_link_account: 'What it said of you could not be trusted.',
  account_not_linked:
    'There is an account of your email address here, and it has not verified that the address is yours.',
  too_many: 'There were too many attempts. Wait a minute, then try again.',
  issuer_mismatch: 'The answer came from another provider.',
  provider_unavailable: 'It cannot be reached at the moment. Try again later.',
};

/** Why signing in through the identity provider did not work, in plain words. */
export function oidcProblem(error: string, name: string | null): string {
  const why = Object.hasOwn(sentences, error)
    ? sentences[error]
    : 'Something went wrong on the way. Try again.';
  return `Signing in with ${name ?? 'your provider'} did not work. ${why}`;
}
