import { acceptInvitation, showInvitation } from './acceptInvitation.ts';
import { changeAccount, showAccount, signOut } from './account.ts';
import { choosePassword, showChoosePassword } from './choosePassword.ts';
import type { Desk } from './desk.ts';
import { html } from './html.ts';
import { beginOidc, endOidc } from './oidc.ts';
import { goTo, type PageReply, type PageRequest, page } from './page.ts';
import { reset, showReset } from './resetPassword.ts';
import { showSignIn, signIn } from './signIn.ts';

/** The pages of sign-in. */
export interface Pages {
  /** Whether the path is one of theirs. */
  has(path: string): boolean;
  /** Answers a request for one of them. */
  answer(request: PageRequest): Promise<PageReply>;
  /** Where a browser that opens `path` is sent first: to sign in, or to its account when there is nothing to see. */
  entrance(request: PageRequest): Promise<PageReply | null>;
  /** Says that a form did not come from one of our own pages. */
  foreignForm(): PageReply;
}

type Handler = (desk: Desk, request: PageRequest) => Promise<PageReply>;

const routes: Readonly<Record<string, { readonly GET?: Handler; readonly POST?: Handler }>> = {
  '/': { GET: async (desk, request) => (await entrance(desk, request)) ?? goTo('/graphql') },
  '/sign-in': { GET: showSignIn, POST: signIn },
  '/sign-out': { POST: signOut },
  '/reset-password': { GET: showReset, POST: reset },
  '/choose-password': { GET: showChoosePassword, POST: choosePassword },
  '/accept-invitation': { GET: showInvitation, POST: acceptInvitation },
  '/account': { GET: showAccount, POST: changeAccount },
  '/auth/oidc': { GET: beginOidc },
  '/auth/callback/oidc': { GET: endOidc },
};

/** The pages, by path. */
export function createPages(desk: Desk): Pages {
  return {
    has: (path) => Object.hasOwn(routes, path),
    async answer(request) {
      const route = routes[request.path] ?? {};
      const handler = request.method === 'POST' ? route.POST : route.GET;
      if (handler !== undefined && ['GET', 'HEAD', 'POST'].includes(request.method))
        return handler(desk, request);
      return wrongMethod(Object.keys(route).join(', '));
    },
    entrance: (request) => entrance(desk, request),
    foreignForm,
  };
}

async function entrance(
  { sessions, organizationsOf, superadmins }: Desk,
  request: PageRequest,
): Promise<PageReply | null> {
  const signedIn = await sessions.signedIn(request.cookie);
  if (signedIn === null) return goTo(`/sign-in?next=${encodeURIComponent(request.path)}`);
  const { userId } = signedIn.person;
  const hasSomewhere = (await organizationsOf(userId)).length > 0 || (await superadmins.is(userId));
  return hasSomewhere ? null : goTo('/account');
}

function wrongMethod(allow: string): PageReply {
  return page({
    title: 'Not possible here',
    status: 405,
    headers: { allow },
    body: html`<p><a href="/sign-in">Sign in</a></p>`,
  });
}

function foreignForm(): PageReply {
  return page({
    title: 'This came from somewhere else',
    status: 403,
    problem: 'The form was not sent from a page of this Warroom, so nothing was done.',
    body: html`
<p>If you did send it from here, Warroom does not know the address you reach it by: whoever runs it sets <code>WARROOM_PUBLIC_URL</code> to that.</p>
<p><a href="/sign-in">Sign in</a></p>`,
  });
}
