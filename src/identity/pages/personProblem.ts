import { isEmailAddress } from '../../domain/emailAddress.ts';

/** What is wrong with what a person says of themselves; null when nothing is. */
export function detailsProblem(name: string, email: string): string | null {
  if (name.length < 1 || name.length > 100 || /[\p{Cc}\p{Cs}]/u.test(name))
    return 'Your name may have 1 to 100 characters.';
  if (!isEmailAddress(email)) return 'That is not an email address.';
  return null;
}
