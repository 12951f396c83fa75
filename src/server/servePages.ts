import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageReply, PageRequest } from '../identity/pages/page.ts';
import type { Pages } from '../identity/pages/routes.ts';
import { fromOwnPage } from './ownPage.ts';
import type { Presented } from './presented.ts';
import type { Route } from './server.ts';

/** What a form may have, in bytes. */
const formAtMost = 16_384;

/** What pages are served with. */
export interface ServePagesOptions {
  readonly pages: Pages;
  presentedBy(request: IncomingMessage): Presented;
  publicOrigin(): string;
}

/** Puts the pages of sign-in behind Node's HTTP server. Takes a form only from one of our own pages. */
export function servePages({ pages, presentedBy, publicOrigin }: ServePagesOptions): Route {
  const replyTo = async (request: IncomingMessage, url: URL): Promise<PageReply> => {
    const presented = presentedBy(request);
    const isForm = request.method === 'POST';
    if (isForm && !fromOwnPage(presented, publicOrigin())) return pages.foreignForm();
    return pages.answer(pageRequest(presented, request, url, isForm ? await readForm(request) : ''));
  };
  return async (request, response) => {
    const asked = request.url ?? '/';
    // `//` and the like are no address of a page.
    if (!URL.canParse(asked, 'http://localhost')) return false;
    const url = new URL(asked, 'http://localhost');
    if (pages.has(url.pathname)) send(request, response, await replyTo(request, url));
    else if (url.pathname === '/graphql' && opensGraphiQL(request, url)) {
      const reply = await pages.entrance(pageRequest(presentedBy(request), request, url, ''));
      if (reply === null) return false;
      send(request, response, reply);
    } else return false;
    return true;
  };
}

/** A browser that opens the API to look at it, and does not say that it will use a key. */
function opensGraphiQL({ method, headers }: IncomingMessage, { searchParams }: URL): boolean {
  if (method !== 'GET' || !(headers.accept ?? '').includes('text/html')) return false;
  return (
    searchParams.get('with') !== 'key' && !searchParams.has('query') && headers.authorization === undefined
  );
}

function pageRequest(
  { cookie, address }: Presented,
  { method = 'GET', headers }: IncomingMessage,
  { pathname, searchParams }: URL,
  form: string,
): PageRequest {
  return {
    method,
    path: pathname,
    query: searchParams,
    form: new URLSearchParams(form),
    cookie,
    userAgent: headers['user-agent'],
    address,
  };
}

/** The form as text; nothing of one that is too long, or is no form. */
async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > formAtMost) return '';
    chunks.push(chunk);
  }
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded' ? Buffer.concat(chunks).toString('utf8') : '';
}

function send({ method, complete }: IncomingMessage, response: ServerResponse, reply: PageReply): void {
  const { status, headers, cookies, body } = reply;
  response.writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    // What was not read of a body is in the way of the next request.
    ...(!complete && { connection: 'close' }),
    'content-length': Buffer.byteLength(body),
  });
  response.end(method === 'HEAD' ? undefined : body);
}
