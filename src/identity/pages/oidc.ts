import { headersOf } from './attempt.ts';
import type { Desk } from './desk.ts';
import { goTo, ownPath, type PageReply, type PageRequest } from './page.ts';
import { enter } from './signIn.ts';

const problemAt = (error: string) => `/sign-in?error=${encodeURIComponent(error)}`;

/** GET /auth/oidc: sends the browser to the identity provider. */
export async function beginOidc(desk: Desk, request: PageRequest): Promise<PageReply> {
  if (desk.oidcName === null) return goTo('/sign-in');
  const begun = desk.guessing.guess({ beginningsOfAddress: request.address });
  if (begun.waitSeconds > 0) return goTo(problemAt('too_many'));
  const next = ownPath(request.query.get('next'));
  try {
    const { api } = await desk.auth();
    const { headers, response } = await api.signInSocial({
      body: {
        provider: 'oidc',
        callbackURL: `${desk.publicUrl()}${next}`,
        errorCallbackURL: `${desk.publicUrl()}/sign-in`,
        disableRedirect: true,
      },
      headers: headersOf(request),
      returnHeaders: true,
    });
    return goTo(response.url ?? problemAt('provider_unavailable'), headers.getSetCookie());
  } catch (error) {
    desk.onError('The identity provider cannot be used', error);
    return goTo(problemAt('provider_unavailable'));
  }
}

/** GET /auth/callback/oidc: back from the identity provider, signed in there or not. */
export async function endOidc(desk: Desk, request: PageRequest): Promise<PageReply> {
  if (desk.oidcName === null) return goTo('/sign-in');
  const guess = desk.guessing.guess({ address: request.address });
  if (guess.waitSeconds > 0) return goTo(problemAt('too_many'));
  let answer: Response;
  try {
    const { api } = await desk.auth();
    answer = await api.callbackOAuth({
      method: 'GET',
      params: { id: 'oidc' },
      query: Object.fromEntries(request.query),
      headers: headersOf(request),
      asResponse: true,
    });
  } catch (error) {
    desk.onError('Signing in through the identity provider failed', error);
    return goTo(problemAt('unable_to_get_user_info'));
  }
  const cookies = answer.headers.getSetCookie();
  const location = answer.headers.get('location') ?? '';
  const error = URL.canParse(location) ? new URL(location).searchParams.get('error') : 'unknown';
  const signedIn = await desk.sessions.signedIn(cookiesAsSent(cookies));
  if (signedIn === null) return goTo(problemAt(error ?? 'unknown'), cookies);
  if ('right' in guess) guess.right();
  const { pathname, search } = new URL(location);
  return enter(desk, request, { userId: signedIn.person.userId, next: ownPath(pathname + search), cookies });
}

/** The `Cookie` header a browser would send after these. */
function cookiesAsSent(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
}
