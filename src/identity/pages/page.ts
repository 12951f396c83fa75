import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import { stylesheet } from './stylesheet.ts';

/** A request for a page, as far as pages look at it. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What a form sent; empty for anything but a POST. */
  readonly form: URLSearchParams;
  readonly cookie: string | undefined;
  readonly userAgent: string | undefined;
  /** Where it comes from. */
  readonly address: string;
}

/** What is answered to it. */
export interface PageReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie`, one each. */
  readonly cookies: readonly string[];
  readonly body: string;
}

const styleDigest = createHash('sha256').update(stylesheet).digest('base64');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  // Nothing is loaded from anywhere, no script runs, nobody may frame it, and forms go to us.
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleDigest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  // Addresses of pages carry one-time tokens. Not "no-referrer": forms would then come from nowhere.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A page. `status` is 200 unless something is wrong, which `problem` says. */
export function page(content: {
  readonly title: string;
  readonly body: Html;
  readonly problem?: string | null;
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}): PageReply {
  const { title, body, problem = null, status = 200, cookies = [], headers = {} } = content;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Warroom</title>
<style>${{ html: stylesheet }}</style>
</head>
<body>
<main>
<p class="brand">Warroom</p>
<h1>${title}</h1>
${problem !== null && html`<p class="problem" role="alert">${problem}</p>`}
${body}
</main>
</body>
</html>
`;
  return { status, headers: { ...pageHeaders, ...headers }, cookies, body: document.html };
}

/** Sends the browser on, with a GET whatever it came with. */
export function goTo(location: string, cookies: readonly string[] = []): PageReply {
  return {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' },
    cookies,
    body: '',
  };
}

/** A path of ours to go on to; what is no path of ours, or would lead away, is the front page. */
export function ownPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])[\x21-\x7e]{0,1000}$/.test(path) && !path.includes('\\') ? path : '/';
}
