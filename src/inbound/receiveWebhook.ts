import type { PoisonDelivery } from '../app/deadLetters.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { bury, buryRetrySeconds, unreadableLetter } from './bury.ts';
import { type ReadJson, readJson, unreadableReasons } from './readJson.ts';
import { type InboundRequest, mayIngest, principalOf, type Reception, waitOf } from './reception.ts';
import { type InboundReply, jsonReply, pathOf, retryAfter } from './reply.ts';
import type { Checked, RawDelivery } from './signed.ts';
import { poisonIn, type TakenIn, takeIn } from './takeIn.ts';
import type { Translation, TranslationContext } from './translation.ts';

/** A format that comes as one POST of JSON with the key in the path or as a Bearer token. */
export interface WebhookFormat {
  /** Its name in the path and in the log. */
  readonly name: string;
  /** May throw OverloadedError where translating waits for its turn. */
  translate(body: unknown, context: TranslationContext): Translation | Promise<Translation>;
  /** Tells whether its sender sent it, where the sender signs; left out where the key alone says so. */
  check?(delivery: RawDelivery, reception: Reception, principal: Principal): Promise<Checked>;
  /** How its sender can be made to send less at a time, for who sends too much. */
  readonly sendLess: string;
  /** What is said of sending the whole again; that nothing is counted twice unless given. */
  readonly sentAgain?: string;
  /** The largest body, in bytes; 1 MiB unless given. */
  readonly bodyBytes?: number;
  /** Whether its sender takes any 4XX, 429 too, for the end of it: then it is told 503 where it comes too fast. */
  readonly comesAgainAfter5xxAlone?: boolean;
}

/** Who sends, as far as it is told to them or written into the log. */
type Sender = Pick<WebhookFormat, 'name' | 'sendLess' | 'sentAgain' | 'comesAgainAfter5xxAlone'>;

/**
 * Answers a webhook: 200 once everything is committed; 400 names the fields; 401 and 403 are about the key, asked
 * before the body is read; 413 is too large; 429 and 503 say when to come back.
 */
export async function receiveWebhook(
  format: WebhookFormat,
  reception: Reception,
  keyInPath: string,
): Promise<InboundReply> {
  const received = await receiveJson(format, reception, keyInPath);
  if ('reply' in received) return received.reply;
  const { principal, value, raw } = received;
  const { headers } = reception.request;
  const checked = await format.check?.({ value, raw, headers }, reception, principal);
  if (checked !== undefined && !('onceAs' in checked)) {
    return unchecked(checked, () =>
      logFailure('later' in checked && checked.later, format, reception, principal),
    );
  }
  const taken = await takeIn(format, value, principal, { ...reception, onceAs: checked?.onceAs });
  const reply = answerTo(taken, format, reception, principal);
  const poison = poisonIn(taken);
  return poison === null ? reply : buried({ raw, ...poison }, reply, format, reception, principal);
}

/** Keeps what would come to the same again, then answers; where it cannot be kept now, it is to be sent again. */
export async function buried(
  { raw, ...letter }: Omit<PoisonDelivery, 'format' | 'body'> & { readonly raw: Uint8Array },
  reply: InboundReply,
  format: Sender,
  reception: Reception,
  principal: Principal,
): Promise<InboundReply> {
  if (await bury({ format: format.name, body: raw, ...letter }, reception, principal)) return reply;
  const message = 'This cannot be accepted, nor kept for somebody to look at now. Send it again.';
  const body = { code: 'OVERLOADED', message, retryAfterSeconds: buryRetrySeconds };
  return jsonReply(503, body, retryAfter(buryRetrySeconds));
}

/** A body with whose key it came, or what is to be answered instead. */
type Received =
  | { readonly principal: Principal; readonly value: unknown; readonly raw: Uint8Array }
  | { readonly reply: InboundReply };

/**
 * Reads a body of JSON from whoever may bring signals: the key is asked about before the body is read. What is no JSON is
 * kept, and the beginning of what is too large, unless its sender would have to sign it.
 */
export async function receiveJson(
  sender: Sender & Pick<WebhookFormat, 'check'>,
  reception: Reception,
  keyInPath: string,
): Promise<Received> {
  const { request, bodyLimit } = reception;
  const principal = await principalOf(reception, secretOf(request, keyInPath));
  if (typeof principal === 'number') return { reply: throttled(principal, sender) };
  if (principal === null) return { reply: unknownKey };
  if (!mayIngest(principal)) return { reply: wrongScope };
  const wait = waitOf(reception, principal);
  if (wait !== null) return { reply: throttled(wait, sender) };
  const read = await readJson(request.body, bodyLimit);
  if (!('problem' in read)) return { principal, ...read };
  const reply = unreadable(read, bodyLimit, sender);
  if (sender.check !== undefined) return { reply };
  const { body: raw, ...letter } = unreadableLetter(read, reception);
  return { reply: await buried({ raw, ...letter }, reply, sender, reception, principal) };
}

/** The key in the path, else the Bearer token; '' for neither. */
function secretOf(request: InboundRequest, keyInPath: string): string {
  if (keyInPath === '') {
    const { authorization } = request.headers;
    const header = typeof authorization === 'string' ? authorization : '';
    return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
  }
  try {
    return decodeURIComponent(keyInPath);
  } catch {
    return '';
  }
}

const unknownKey = jsonReply(
  401,
  {
    code: 'UNAUTHENTICATED',
    message: 'No valid API key: put one of scope INGEST into the path, or send it as a Bearer token.',
  },
  { 'www-authenticate': 'Bearer' },
);

const wrongScope = jsonReply(403, {
  code: 'FORBIDDEN',
  message: 'This API key may not bring signals: a key with scope INGEST alone is needed.',
  requiredScope: 'INGEST',
});

/** Answers what needs no translation: it was not sent by who signs it, needs nothing more, or cannot be checked now. */
function unchecked(checked: Exclude<Checked, { readonly onceAs: string }>, logIt: () => void): InboundReply {
  if ('answered' in checked) return jsonReply(200, { status: 'success' });
  if ('refused' in checked) return jsonReply(401, { code: 'UNAUTHENTICATED', message: checked.refused });
  logIt();
  const message = 'Whether this was sent by who signs it cannot be found out now. Send it again.';
  const body = { code: 'OVERLOADED', message, retryAfterSeconds: buryRetrySeconds };
  return jsonReply(503, body, retryAfter(buryRetrySeconds));
}

function logFailure(err: unknown, { name }: Sender, { log, request }: Reception, by: Principal): void {
  const about = { err, connector: name, apiKeyId: by.credentialId, from: request.remoteAddress };
  log.error(about, 'A webhook could not be answered.');
}

function throttled(seconds: number, { comesAgainAfter5xxAlone }: Sender): InboundReply {
  const retryAfterSeconds = Math.ceil(seconds);
  const message = `Too many requests with this key. Try again in ${retryAfterSeconds} s.`;
  const status = comesAgainAfter5xxAlone === true ? 503 : 429;
  return jsonReply(status, { code: 'RATE_LIMITED', message, retryAfterSeconds }, retryAfter(seconds));
}

function unreadable(
  read: Extract<ReadJson, { readonly problem: string }>,
  limit: number,
  { sendLess }: Sender,
): InboundReply {
  if (read.problem !== 'TOO_LARGE') return invalid(unreadableReasons[read.problem].problems);
  const message = `At most ${limit} bytes are accepted; ${sendLess}`;
  return jsonReply(413, { code: 'BAD_USER_INPUT', message }, { connection: 'close' });
}

/** 400, naming the fields. */
function invalid(problems: readonly FieldProblem[]): InboundReply {
  const [first] = problems;
  const message = first === undefined ? 'The body is not acceptable.' : `${pathOf(first)}: ${first.message}`;
  return jsonReply(400, { code: 'VALIDATION_FAILED', message, fields: problems });
}

/** What a webhook is answered. */
export function answerTo(
  delivered: TakenIn,
  format: Sender,
  reception: Reception,
  principal: Principal,
): InboundReply {
  switch (delivered.kind) {
    case 'invalid':
      return invalid(delivered.problems);
    case 'committed':
      return jsonReply(200, { status: 'success' });
    case 'busy': {
      const { retryAfterSeconds } = delivered;
      const message = `Warroom is busy. Send the whole again in ${retryAfterSeconds} s; ${format.sentAgain ?? 'nothing is counted twice.'}`;
      const body = { code: 'OVERLOADED', message, retryAfterSeconds };
      return jsonReply(503, body, retryAfter(retryAfterSeconds));
    }
    case 'refused': {
      const { refusal } = delivered;
      if (refusal.kind === 'ValidationError') return invalid(refusal.fields);
      const status = refusal.kind === 'ForbiddenError' ? 403 : 409;
      return jsonReply(status, { code: refusal.code, message: refusal.message });
    }
    case 'failed': {
      logFailure(delivered.error, format, reception, principal);
      return jsonReply(500, { code: 'INTERNAL', message: 'Something unexpected went wrong. Try again.' });
    }
  }
}
