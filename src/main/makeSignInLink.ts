import type { Identity } from '../app/identity.ts';

/** A link that signs the person of this email address in, once, within an hour; null when there is none. */
export async function makeSignInLink(
  identity: Pick<Identity, 'personByEmail' | 'signInLink'>,
  email: string,
): Promise<string | null> {
  const person = await identity.personByEmail(email);
  return person && identity.signInLink(person.userId);
}
