import type { Session, SignedIn } from '../../app/identity.ts';
import { chooseOrganization, chosenOrganization } from '../organizationCookie.ts';
import { headersOf } from './attempt.ts';
import { describeBrowser } from './describeBrowser.ts';
import type { Desk, OwnOrganization } from './desk.ts';
import { type Html, html } from './html.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';

/** GET /account: who is signed in, their organizations and their sessions. */
export async function showAccount(desk: Desk, request: PageRequest): Promise<PageReply> {
  const signedIn = await desk.sessions.signedIn(request.cookie);
  if (signedIn === null) return goTo('/sign-in?next=/account');
  const { userId } = signedIn.person;
  const [sessions, organizations] = await Promise.all([
    desk.sessions.of(userId),
    desk.organizationsOf(userId),
  ]);
  const chosen = chosenOrganization(request.cookie);
  return page({
    title: signedIn.person.name,
    body: html`<div class="wide">
${request.query.get('done') === 'password' && html`<p class="done" role="status">The password is set.</p>`}
<p>${signedIn.person.email} · <a href="/choose-password">Change the password</a></p>
<h2>Organizations</h2>
${organizationList(organizations, chosen)}
<h2>Signed in</h2>
<ul class="rows">${sessions.map((session) => sessionRow(session, signedIn))}</ul>
<div class="actions">
<form method="post" action="/sign-out"><button class="plain">Sign out</button></form>
<form method="post" action="/sign-out"><input type="hidden" name="everywhere" value="1"><button class="plain">Sign out everywhere</button></form>
</div>
<p class="more"><a href="/graphql">Explore the API</a></p>
</div>`,
  });
}

/** POST /account: ends one of their sessions, or chooses the organization they act in. */
export async function changeAccount(desk: Desk, request: PageRequest): Promise<PageReply> {
  const signedIn = await desk.sessions.signedIn(request.cookie);
  if (signedIn === null) return goTo('/sign-in?next=/account');
  const { userId } = signedIn.person;
  const sessionId = request.form.get('session');
  if (sessionId !== null) await desk.sessions.end(userId, { only: sessionId });
  const slug = request.form.get('organization');
  const own = slug === null ? [] : await desk.organizationsOf(userId);
  const chosen = own.find((one) => one.slug === slug);
  const secure = desk.publicUrl().startsWith('https:');
  return goTo('/account', chosen ? [chooseOrganization(chosen.slug, secure)] : []);
}

/** POST /sign-out: this browser, or every one. */
export async function signOut(desk: Desk, request: PageRequest): Promise<PageReply> {
  const signedIn = await desk.sessions.signedIn(request.cookie);
  if (signedIn !== null) {
    const { session, person } = signedIn;
    const everywhere = request.form.get('everywhere') === '1';
    await desk.sessions.end(person.userId, everywhere ? { but: null } : { only: session.id });
  }
  const { headers } = await desk.auth().api.signOut({ headers: headersOf(request), returnHeaders: true });
  return goTo('/sign-in?done=signed-out', headers.getSetCookie());
}

function organizationList(organizations: readonly OwnOrganization[], chosen: string | null): Html {
  if (organizations.length === 0)
    return html`<p>You belong to no organization yet. Ask an administrator of one to invite you.</p>`;
  return html`<ul class="rows">${organizations.map(({ slug, name, role }) => {
    const acting = organizations.length === 1 || slug === chosen;
    return html`<li><div><strong>${name}</strong><br>${slug} · ${role}</div>${
      acting
        ? html`<span>You act here</span>`
        : html`<form method="post" action="/account"><input type="hidden" name="organization" value="${slug}"><button class="plain small">Act here</button></form>`
    }</li>`;
  })}</ul>`;
}

function sessionRow(session: Session, { session: own }: SignedIn): Html {
  const since = session.createdAt.slice(0, 16).replace('T', ' ');
  const used = session.lastUsedAt.slice(0, 16).replace('T', ' ');
  return html`<li><div><strong>${describeBrowser(session.userAgent)}</strong>${
    session.id === own.id && ' (this browser)'
  }<br>${session.ipAddress ?? 'unknown address'} · since ${since} · last used ${used} UTC</div>${
    session.id !== own.id &&
    html`<form method="post" action="/account"><input type="hidden" name="session" value="${session.id}"><button class="plain small">Sign out</button></form>`
  }</li>`;
}
