import type { Person } from '../../app/identity.ts';
import { chooseOrganization } from '../organizationCookie.ts';
import { attempt, headersOf } from './attempt.ts';
import type { Desk, OpenInvitation } from './desk.ts';
import { type Html, html } from './html.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';
import { newPasswordField, passwordProblem } from './passwordProblem.ts';
import { detailsProblem } from './personProblem.ts';
import { enter } from './signIn.ts';

/** GET /accept-invitation: says who invites them where, and asks for what is missing to accept. */
export async function showInvitation(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.query.get('token') ?? '';
  const found = await find(desk, request, token);
  if ('reply' in found) return found.reply;
  const signedIn = await desk.sessions.signedIn(request.cookie);
  return ask(desk, { token, invitation: found.right, person: signedIn?.person ?? null });
}

/** POST /accept-invitation: accepts it, for who is signed in, or for somebody new, who is signed in by it. */
export async function acceptInvitation(desk: Desk, request: PageRequest): Promise<PageReply> {
  const token = request.form.get('token') ?? '';
  const found = await find(desk, request, token);
  if ('reply' in found) return found.reply;
  const invitation = found.right;
  const signedIn = await desk.sessions.signedIn(request.cookie);
  const asked = { token, invitation, person: signedIn?.person ?? null };
  if (signedIn !== null) return accept(desk, asked, { userId: signedIn.person.userId, isNew: false });
  if (invitation.isKnown) return ask(desk, asked);
  const name = (request.form.get('name') ?? '').trim();
  const password = request.form.get('password') ?? '';
  const problem = detailsProblem(name, invitation.email) ?? passwordProblem(password, invitation.email);
  if (problem !== null) return ask(desk, asked, problem, name);
  // The link that was shown may have been passed on by whoever invited them, so it proves no address.
  const { email, isMailed: emailVerified } = invitation;
  const person = await desk.createPerson({ name, email, emailVerified, password });
  if (person === null) return ask(desk, asked, tookNothing, name);
  const { api } = await desk.auth();
  const { headers } = await api.startSession({
    body: { userId: person.userId },
    headers: headersOf(request),
    returnHeaders: true,
  });
  const cookies = [...headers.getSetCookie(), desk.browserCookie().remember(person.email)];
  await enter(desk, request, { userId: person.userId, next: '/', cookies });
  return accept(desk, { ...asked, person }, { userId: person.userId, isNew: true }, cookies);
}

/** Nothing of an account is told to who may have the link from whoever invites: they could ask after anybody. */
const tookNothing =
  'It could not be accepted like that. If you have an account of this address, sign in to accept.';

interface Asked {
  readonly token: string;
  readonly invitation: OpenInvitation;
  /** Who is signed in; null: nobody. */
  readonly person: Person | null;
}

async function find(
  desk: Desk,
  { address }: PageRequest,
  token: string,
): Promise<{ readonly right: OpenInvitation } | { readonly reply: PageReply }> {
  const checked = await attempt(desk, { address }, () => desk.invitations.describe(token));
  return 'wrong' in checked ? { reply: holdsNoMore() } : checked;
}

async function accept(
  desk: Desk,
  asked: Asked,
  { userId, isNew }: { readonly userId: string; readonly isNew: boolean },
  cookies: readonly string[] = [],
): Promise<PageReply> {
  const problem = await desk.invitations.accept(asked.token, userId, isNew);
  if (problem !== null) return ask(desk, asked, problem, '', cookies);
  const secure = desk.publicUrl().startsWith('https:');
  return goTo('/', [...cookies, chooseOrganization(asked.invitation.organizationSlug, secure)]);
}

function ask(
  { oidcName }: Desk,
  { token, invitation, person }: Asked,
  problem: string | null = null,
  name = '',
  cookies: readonly string[] = [],
): PageReply {
  const { organizationName, email, role, inviterName, isMailed, isKnown } = invitation;
  const next = encodeURIComponent(`/accept-invitation?token=${token}`);
  const form = (fields: Html, button: string): Html => html`
<form method="post" action="/accept-invitation">
<input type="hidden" name="token" value="${token}">
${fields}
<button>${button}</button>
</form>`;
  const through =
    oidcName !== null && html`<a class="button" href="/auth/oidc?next=${next}">Go on with ${oidcName}</a>`;
  return page({
    title: `Join ${organizationName}`,
    problem,
    status: problem === null ? 200 : 400,
    cookies,
    body: html`
<p>${inviterName ?? 'Somebody'} invites <strong>${email}</strong> to ${organizationName} on Warroom, as ${role}.</p>
${
  person?.email === email
    ? form(html``, 'Accept')
    : person !== null
      ? html`<p>You are signed in as ${person.email}. Sign out, then open the link again.</p>
<form method="post" action="/sign-out"><button class="plain">Sign out</button></form>`
      : isKnown
        ? html`${through}<a class="button${oidcName !== null && ' plain'}" href="/sign-in?next=${next}">Sign in to accept</a>`
        : html`${through}${oidcName !== null && html`<p class="or">or with a password</p>`}${form(
            html`
<input type="hidden" name="username" autocomplete="username" value="${email}">
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" required maxlength="100" value="${name}">
${newPasswordField}`,
            'Accept',
          )}${!isMailed && html`<p class="more">Have you an account of this address? <a href="/sign-in?next=${next}">Sign in to accept</a></p>`}`
}`,
  });
}

function holdsNoMore(): PageReply {
  return page({
    title: 'This invitation works no more',
    status: 410,
    problem: 'It was accepted or revoked, is more than seven days old, or the link is not complete.',
    body: html`<p>Ask whoever invited you for another. <a href="/sign-in">Sign in</a></p>`,
  });
}
