import type { Session, SignedIn } from '../../app/identity.ts';
import { actIn, actingIn, actNowhere } from '../actingCookie.ts';
import { chooseOrganization, chosenOrganization } from '../organizationCookie.ts';
import { headersOf } from './attempt.ts';
import { describeBrowser } from './describeBrowser.ts';
import type { Desk, OwnOrganization } from './desk.ts';
import { type Html, html } from './html.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';

/** The longest slug, in characters. */
const slugAtMost = 63;

/** GET /account: who is signed in, their organizations and their sessions. */
export async function showAccount(desk: Desk, request: PageRequest): Promise<PageReply> {
  const signedIn = await desk.sessions.signedIn(request.cookie);
  if (signedIn === null) return goTo('/sign-in?next=/account');
  const { userId } = signedIn.person;
  const [sessions, organizations, isSuperadmin] = await Promise.all([
    desk.sessions.of(userId),
    desk.organizationsOf(userId),
    desk.superadmins.is(userId),
  ]);
  const acting = isSuperadmin ? actingIn(request.cookie, signedIn.session.id, desk.now()) : null;
  return page({
    title: signedIn.person.name,
    body: html`<div class="wide">
${request.query.get('done') === 'password' && html`<p class="done" role="status">The password is set.</p>`}
<p>${signedIn.person.email} · <a href="/choose-password">Change the password</a></p>
<h2>Organizations</h2>
${organizationList(organizations, acting, chosenOrganization(request.cookie))}
${isSuperadmin && (await everyOrganization(desk, request, acting))}
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
  return goTo('/account', await chooseFrom(desk, request, signedIn));
}

/** The cookies that choose what the form names: an organization of theirs, or, for a superadmin, any. */
async function chooseFrom(
  desk: Desk,
  { form, cookie }: PageRequest,
  { session, person }: SignedIn,
): Promise<readonly string[]> {
  const secure = desk.publicUrl().startsWith('https:');
  const stop = actNowhere(secure);
  if (form.get('stop') !== null) return [stop];
  const slug = form.get('organization');
  if (slug === null || slug.length > slugAtMost) return [];
  const own = await desk.organizationsOf(person.userId);
  if (own.some((one) => one.slug === slug))
    return [
      chooseOrganization(slug, secure),
      ...(actingIn(cookie, session.id, desk.now()) === null ? [] : [stop]),
    ];
  const any = (await desk.superadmins.is(person.userId)) && (await desk.superadmins.exists(slug));
  return any ? [actIn(slug, session.id, desk.now(), secure)] : [];
}

/** POST /sign-out: this browser, or every one. */
export async function signOut(desk: Desk, request: PageRequest): Promise<PageReply> {
  const signedIn = await desk.sessions.signedIn(request.cookie);
  if (signedIn !== null) {
    const { session, person } = signedIn;
    const everywhere = request.form.get('everywhere') === '1';
    await desk.sessions.end(person.userId, everywhere ? { but: null } : { only: session.id });
  }
  const { api } = await desk.auth();
  const { headers } = await api.signOut({ headers: headersOf(request), returnHeaders: true });
  return goTo('/sign-in?done=signed-out', headers.getSetCookie());
}

/** For a superadmin: any organization to act in, and what that means. */
async function everyOrganization(desk: Desk, { query }: PageRequest, acting: string | null): Promise<Html> {
  const find = (query.get('find') ?? '').trim().slice(0, slugAtMost);
  const found = await desk.superadmins.find(/\p{Cc}|\p{Cs}/u.test(find) ? '' : find);
  return html`
<h2>Any organization</h2>
<p>You are a superadmin: where you are no member, you may act as an administrator. Each operation is written to that organization's administration ledger and access log before it is carried out, with your name.</p>
${
  acting !== null &&
  html`<p class="problem" role="status">You act in <strong>${acting}</strong> as a superadmin: everything you do there is recorded. It ends within an hour.</p>
<form method="post" action="/account"><input type="hidden" name="stop" value="1"><button class="plain small">Stop acting there</button></form>`
}
<form method="get" action="/account">
<label for="find">Find an organization</label>
<input id="find" name="find" value="${find}" maxlength="${slugAtMost}" aria-describedby="find-hint">
<p class="hint" id="find-hint">How its slug begins, or a part of its name. Twenty are shown.</p>
<button class="plain small">Find</button>
</form>
<ul class="rows">${found.map(({ slug, name }) => organizationRow({ slug, name, more: '', acting: slug === acting }))}</ul>
${found.length === 0 && html`<p>There is none.</p>`}`;
}

function organizationRow({
  slug,
  name,
  more,
  acting,
}: {
  readonly slug: string;
  readonly name: string;
  readonly more: string;
  readonly acting: boolean;
}): Html {
  return html`<li><div><strong>${name}</strong><br>${slug}${more}</div>${
    acting
      ? html`<span>You act here</span>`
      : html`<form method="post" action="/account"><input type="hidden" name="organization" value="${slug}"><button class="plain small">Act here</button></form>`
  }</li>`;
}

function organizationList(
  organizations: readonly OwnOrganization[],
  acting: string | null,
  chosen: string | null,
): Html {
  if (organizations.length === 0)
    return html`<p>You belong to no organization yet. Ask an administrator of one to invite you.</p>`;
  return html`<ul class="rows">${organizations.map(({ slug, name, role }) =>
    organizationRow({
      slug,
      name,
      more: ` · ${role}`,
      acting: acting === null && (organizations.length === 1 || slug === chosen),
    }),
  )}</ul>`;
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
