import type { SignedIn } from '../../app/identity.ts';
import { attempt, guesserOf } from './attempt.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';
import { newPasswordField, passwordProblem } from './passwordProblem.ts';
import { detailsProblem } from './personProblem.ts';

/** For so long after signing in by a link a new password may be set without the old one: an hour, in milliseconds. */
const freshFor = 3_600_000;

/** What the page asks for, by what is known of who opened it. */
interface Asked {
  readonly signedIn: SignedIn;
  /** They have a password, and must show it. */
  readonly oldPassword: boolean;
  /** They have an address that no mail reaches: the administrator of the first start. */
  readonly details: boolean;
  /** They have a password already and may leave it. */
  readonly mayLeave: boolean;
}

/** GET /choose-password: the form, for who is signed in. */
export async function showChoosePassword(desk: Desk, request: PageRequest): Promise<PageReply> {
  const asked = await whatToAsk(desk, request);
  return 'status' in asked ? asked : form(asked, null);
}

/** POST /choose-password: sets it, and ends every other session. */
export async function choosePassword(desk: Desk, request: PageRequest): Promise<PageReply> {
  const asked = await whatToAsk(desk, request);
  if ('status' in asked) return asked;
  const { person, session } = asked.signedIn;
  const text = (name: string) => (request.form.get(name) ?? '').trim();
  const name = asked.details ? text('name') : person.name;
  const email = asked.details ? text('email').toLowerCase() : person.email;
  const password = request.form.get('password') ?? '';
  const problem = detailsProblem(name, email) ?? passwordProblem(password, email);
  if (problem !== null) return form(asked, problem, { name, email });
  if (asked.oldPassword) {
    const checked = await attempt(desk, guesserOf(desk, request, person.email), async () =>
      (await desk.passwordIs(person.userId, request.form.get('old') ?? '')) ? true : null,
    );
    if ('reply' in checked) return checked.reply;
    if ('wrong' in checked) return form(asked, 'The old password is wrong.', { name, email });
  }
  const set = await desk.setOwnDetails({
    userId: person.userId,
    password,
    name: asked.details ? name : null,
    email: asked.details ? email : null,
    sessionId: session.id,
  });
  if (!set) return form(asked, 'Somebody else has that email address.', { name, email });
  return goTo('/account?done=password', [desk.browserCookie().remember(email)]);
}

async function whatToAsk(desk: Desk, { cookie }: PageRequest): Promise<Asked | PageReply> {
  const signedIn = await desk.sessions.signedIn(cookie);
  if (signedIn === null) return goTo('/sign-in?next=/choose-password');
  const { session, person } = signedIn;
  const hasPassword = await desk.hasPassword(person.userId);
  const fresh = Date.parse(desk.now()) - Date.parse(session.createdAt) < freshFor;
  if (!hasPassword && !fresh)
    return page({
      title: 'Sign in again first',
      status: 403,
      problem: 'You signed in a while ago. A first password can be set within an hour of signing in.',
      body: html`<form method="post" action="/sign-out"><button>Sign out</button></form>`,
    });
  return {
    signedIn,
    oldPassword: hasPassword && !(fresh && session.signedInBy === 'LINK'),
    details: person.email.endsWith('@localhost'),
    mayLeave: hasPassword,
  };
}

function form(
  { signedIn: { person }, oldPassword, details, mayLeave }: Asked,
  problem: string | null,
  typed: { readonly name: string; readonly email: string } | null = null,
): PageReply {
  return page({
    title: details ? 'Welcome to Warroom' : 'Choose a password',
    problem,
    status: problem === null ? 200 : 400,
    body: html`
<p>${
      details
        ? 'You are its administrator. Say who you are, and choose a password to sign in with from now on.'
        : html`You are signed in as <strong>${person.name}</strong> (${person.email}). Every other browser will be signed out.`
    }</p>
<form method="post" action="/choose-password">
${
  details
    ? html`
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" required maxlength="100" value="${typed?.name ?? ''}">
<label for="email">Your email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${typed?.email ?? ''}">`
    : html`<input type="hidden" name="username" autocomplete="username" value="${person.email}">`
}
${
  oldPassword &&
  html`
<label for="old">Old password</label>
<input id="old" name="old" type="password" autocomplete="current-password" required maxlength="128">`
}
${newPasswordField}
<button>Set the password</button>
</form>
${mayLeave && html`<p class="more"><a href="/account">Leave it as it is</a></p>`}`,
  });
}
