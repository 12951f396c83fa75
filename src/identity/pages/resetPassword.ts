import { commandLine } from '../../domain/commandLine.ts';
import { isEmailAddress } from '../../domain/emailAddress.ts';
import { attempt, headersOf, unlessRefused } from './attempt.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';
import { newPasswordField, passwordProblem } from './passwordProblem.ts';

/** GET /reset-password: asks where to send the link, or, come by it, for the new password. */
export async function showReset(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.query.get('token');
  if (token === null) return desk.sendsMail ? askForAddress(null) : noMail();
  const { api } = await desk.auth();
  const checked = await attempt(desk, { address: request.address }, () =>
    api.peekPasswordReset({ body: { token } }),
  );
  if ('reply' in checked) return checked.reply;
  return 'wrong' in checked ? linkHoldsNoMore() : askForPassword(token, null);
}

/** POST /reset-password: sends the link, or sets the new password. */
export async function reset(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.form.get('token');
  if (token !== null) return setPassword(desk, request, token);
  if (!desk.sendsMail) return noMail();
  const email = (request.form.get('email') ?? '').trim().toLowerCase();
  if (!isEmailAddress(email)) return askForAddress('That is not an email address.');
  // Never told right: every message asked for counts. And the answer waits for nothing that depends on the account.
  const guess = desk.guessing.guess({ mailTo: email, address: request.address });
  if (guess.waitSeconds === 0) desk.requestReset(email, headersOf(request));
  return sent(email);
}

async function setPassword(desk: Desk, request: PageRequest, token: string): Promise<PageReply> {
  const password = request.form.get('password') ?? '';
  const problem = passwordProblem(password, '');
  if (problem !== null) return askForPassword(token, problem);
  const { api } = await desk.auth();
  const checked = await attempt(desk, { address: request.address }, () =>
    unlessRefused(api.resetPassword({ body: { newPassword: password, token } })),
  );
  if ('reply' in checked) return checked.reply;
  return 'wrong' in checked ? linkHoldsNoMore() : goTo('/sign-in?done=password');
}

function askForAddress(problem: string | null): PageReply {
  return page({
    title: 'Choose a new password',
    problem,
    status: problem === null ? 200 : 400,
    body: html`
<p>We send you a link. It is valid for an hour, and works once.</p>
<form method="post" action="/reset-password">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254">
<button>Send the link</button>
</form>
<p class="more"><a href="/sign-in">Back to sign-in</a></p>`,
  });
}

function sent(email: string): PageReply {
  return page({
    title: 'Look at your mail',
    body: html`
<p>If there is an account of <strong>${email}</strong>, a link is on its way there. It is valid for an hour, and works once.</p>
<p>Nothing came? It may be among the unwanted mail, or the account has another address.</p>
<p class="more"><a href="/sign-in">Back to sign-in</a></p>`,
  });
}

function noMail(): PageReply {
  return page({
    title: 'Choose a new password',
    body: html`
<p>This Warroom sends no mail, so it cannot send you a link.</p>
<p>Ask whoever runs it for one. On its command line:</p>
<p><code>${commandLine} sign-in-link you@example.com</code></p>
<p class="more"><a href="/sign-in">Back to sign-in</a></p>`,
  });
}

function askForPassword(token: string, problem: string | null): PageReply {
  return page({
    title: 'Choose a new password',
    problem,
    status: problem === null ? 200 : 400,
    body: html`
<p>You will be signed out everywhere.</p>
<form method="post" action="/reset-password">
<input type="hidden" name="token" value="${token}">
${newPasswordField}
<button>Set the password</button>
</form>`,
  });
}

function linkHoldsNoMore(): PageReply {
  return page({
    title: 'This link works no more',
    status: 410,
    problem: 'It was used already, is more than an hour old, or is not complete.',
    body: html`<p><a href="/reset-password">Send me a new one</a></p>`,
  });
}
