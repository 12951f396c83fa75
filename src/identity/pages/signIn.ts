import { commandLine } from '../../domain/commandLine.ts';
import type { LinkHolder } from '../linkPlugin.ts';
import { attempt, guesserOf, headersOf, unlessRefused } from './attempt.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import { oidcProblem } from './oidcProblem.ts';
import { goTo, ownPath, type PageReply, type PageRequest, page } from './page.ts';

const doneSentences: Readonly<Record<string, string>> = {
  password: 'The password is set. Sign in with it.',
  'signed-out': 'You are signed out.',
};

/** GET /sign-in: the form, or whom a one-time link signs in; on to where they wanted when they are signed in. */
export async function showSignIn(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.query.get('token');
  if (token !== null) return showLink(desk, request, token);
  const next = ownPath(request.query.get('next'));
  if ((await desk.sessions.signedIn(request.cookie)) !== null) return goTo(next);
  const error = request.query.get('error');
  const done = doneSentences[request.query.get('done') ?? ''] ?? null;
  return form(desk, { next, done, problem: error === null ? null : oidcProblem(error, desk.oidcName) });
}

/** POST /sign-in: with an address and a password, or with a one-time link. */
export async function signIn(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.form.get('token');
  if (token !== null) return useLink(desk, request, token);
  const next = ownPath(request.form.get('next'));
  const email = (request.form.get('email') ?? '').trim().toLowerCase();
  const password = request.form.get('password') ?? '';
  const wrong = () =>
    form(desk, { next, email, status: 401, problem: 'The email address or the password is wrong.' });
  if (email.length > 254 || password.length > 1_000) return wrong();
  const checked = await attempt(desk, guesserOf(desk, request, email), () =>
    withPassword(desk, request, { email, password }),
  );
  if ('reply' in checked) return checked.reply;
  if ('wrong' in checked) return wrong();
  const { headers, response } = checked.right;
  const cookies = [...headers.getSetCookie(), desk.browserCookie().remember(email)];
  return enter(desk, request, { userId: response.user.id, next, cookies });
}

/**
 * Checks the password and signs in; null when it is wrong, also when it became so meanwhile: whoever sets another one
 * ends the sessions that are there, and this one may have been begun just after.
 */
async function withPassword(
  desk: Desk,
  request: PageRequest,
  body: { readonly email: string; readonly password: string },
) {
  const before = await desk.passwordMark(body.email);
  const { api } = await desk.auth();
  const signedIn = await unlessRefused(
    api.signInEmail({ body, headers: headersOf(request), returnHeaders: true }),
  );
  if (signedIn === null || (await desk.passwordMark(body.email)) === before) return signedIn;
  const { token, user } = signedIn.response;
  await desk.sessions.endByToken(user.id, token);
  return null;
}

/** Signed in: the session this browser had before ends, so that nobody keeps one they planted or left behind. */
export async function enter(
  { sessions }: Desk,
  { cookie }: PageRequest,
  {
    userId,
    next,
    cookies,
  }: { readonly userId: string; readonly next: string; readonly cookies: readonly string[] },
): Promise<PageReply> {
  const before = await sessions.signedIn(cookie);
  if (before !== null) await sessions.end(before.session.userId, { only: before.session.id });
  await sessions.endOldest(userId);
  return goTo(next, cookies);
}

async function showLink(desk: Desk, request: PageRequest, token: string): Promise<PageReply> {
  const { api } = await desk.auth();
  const checked = await attempt(desk, { address: request.address }, () =>
    api.peekSignInLink({ body: { token } }),
  );
  if ('reply' in checked) return checked.reply;
  return 'wrong' in checked ? linkHoldsNoMore() : confirmLink(checked.right, token);
}

/** A button, not the address alone: programs that look at what links lead to would use it up. */
function confirmLink({ name, email }: LinkHolder, token: string): PageReply {
  return page({
    title: 'Sign in',
    body: html`
<p>This link signs this browser in as <strong>${name}</strong> (${email}). It works once.</p>
<form method="post" action="/sign-in">
<input type="hidden" name="token" value="${token}">
<button>Sign in as ${name}</button>
</form>`,
  });
}

async function useLink(desk: Desk, request: PageRequest, token: string): Promise<PageReply> {
  const { api } = await desk.auth();
  const checked = await attempt(desk, { address: request.address }, () =>
    unlessRefused(api.signInByLink({ body: { token }, headers: headersOf(request), returnHeaders: true })),
  );
  if ('reply' in checked) return checked.reply;
  if ('wrong' in checked) return linkHoldsNoMore();
  const { headers, response } = checked.right;
  return enter(desk, request, {
    userId: response.userId,
    next: '/choose-password',
    cookies: headers.getSetCookie(),
  });
}

function linkHoldsNoMore(): PageReply {
  return page({
    title: 'This link works no more',
    status: 410,
    problem: 'It was used already, is more than an hour old, or is not complete.',
    body: html`
<p>Whoever runs this Warroom can make another on its command line:</p>
<p><code>${commandLine} sign-in-link you@example.com</code></p>
<p class="more"><a href="/sign-in">Sign in with a password</a></p>`,
  });
}

function form(
  { oidcName, sendsMail }: Desk,
  {
    next,
    email = '',
    problem,
    done = null,
    status = 200,
  }: {
    readonly next: string;
    readonly email?: string;
    readonly problem: string | null;
    readonly done?: string | null;
    readonly status?: number;
  },
): PageReply {
  return page({
    title: 'Sign in',
    status,
    problem,
    body: html`
${done !== null && html`<p class="done" role="status">${done}</p>`}
${
  oidcName !== null &&
  html`<a class="button" href="/auth/oidc?next=${encodeURIComponent(next)}">Sign in with ${oidcName}</a>
<p class="or">or with a password</p>`
}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="128">
<button>Sign in</button>
</form>
<p class="more"><a href="/reset-password">${sendsMail ? 'Forgot the password?' : 'No password, or forgot it?'}</a><br>
<a href="/graphql?with=key">Use the API with a key instead</a></p>`,
  });
}
