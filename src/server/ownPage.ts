import type { Presented } from './presented.ts';

/**
 * Whether a browser says that a page of our own sends this, so that its cookie may count: another site's page can have
 * a browser send our cookie, but not forge what the browser says of it. Reading needs no more than not being told the
 * contrary, as another page cannot see the answer; anything else, a WebSocket too, needs to be told.
 *
 * A page is our own when it is from where the browser sends this to, or from `publicOrigin`, where people reach us:
 * behind a proxy the two may be called differently.
 */
export function fromOwnPage(presented: Presented, publicOrigin: string): boolean {
  const { method, origin, host, fetchSite, fetchMode } = presented;
  const own =
    origin !== undefined &&
    [publicOrigin, `http://${host}`, `https://${host}`].includes(origin.toLowerCase());
  if (method === 'GET' || method === 'HEAD') {
    // Following a link from elsewhere is how people come; what another page fetches in the background is not theirs.
    if (fetchMode === 'navigate' || fetchSite === undefined) return origin === undefined || own;
    return fetchSite === 'same-origin' || fetchSite === 'none';
  }
  // Browsers say nothing of the site where a connection is not secure.
  return method === 'SOCKET' || fetchSite === undefined ? own : fetchSite === 'same-origin';
}
