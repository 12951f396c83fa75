import type { SendAction } from '../domain/bulkAction/actionRequest.ts';
import { LookUpError } from './lookUpProcess.ts';
import { ForbiddenAddressError } from './outward.ts';
import type { MakePost } from './post.ts';
import { retryAfterOf } from './retryAfter.ts';
import { signWebhook } from './signWebhook.ts';

/** Sends requests to action webhooks, signed. */
export function createSendAction(post: MakePost): SendAction {
  return async ({ url, id, at, body, secrets, signal }) => {
    const timestamp = Math.floor(Date.parse(at) / 1_000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Warroom',
      ...signWebhook({ id, timestamp, body }, secrets),
    };
    try {
      const answer = await post({ url, headers, body, signal });
      const { status, date, retryAfter } = answer;
      return {
        kind: 'ANSWERED',
        status,
        body: answer.body,
        retryAfter: retryAfterOf(retryAfter, date ?? new Date(at).toUTCString()),
      };
    } catch (error) {
      if (error instanceof ForbiddenAddressError) {
        const reason =
          'Warroom may not connect to where the URL leads: https to the internet alone, unless WARROOM_OUTBOUND_ALLOW names the network.';
        return { kind: 'FORBIDDEN', reason };
      }
      if (error instanceof LookUpError) return { kind: 'FAILED', reason: error.message };
      return { kind: 'FAILED', reason: reasonOf(error as NodeJS.ErrnoException) };
    }
  };
}

/** Without addresses: what a name leads to is nobody's business. */
function reasonOf({ name, code }: NodeJS.ErrnoException): string {
  if (name === 'TimeoutError' || name === 'AbortError') return 'There was no answer in time.';
  return `There was no answer: ${code ?? name}.`;
}
