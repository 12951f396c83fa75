import { passwordLength } from '../passwordWork.ts';
import { type Html, html } from './html.ts';

/** What is wrong with a new password; null when it will do. What it is made of does not matter, its length does. */
export function passwordProblem(password: string, email: string): string | null {
  const { min, max } = passwordLength;
  if (password.length < min) return `The password is too short: it needs at least ${min} characters.`;
  if (password.length > max) return `The password is too long: it may have at most ${max} characters.`;
  if (password.toLowerCase() === email || new Set(password).size < 4)
    return 'That password would be guessed at once. Choose another.';
  return null;
}

/** The field for a new password. */
export const newPasswordField: Html = html`
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="${passwordLength.min}" maxlength="${passwordLength.max}" aria-describedby="password-hint">
<p class="hint" id="password-hint">At least ${passwordLength.min} characters. A few words are better than a few signs.</p>`;
