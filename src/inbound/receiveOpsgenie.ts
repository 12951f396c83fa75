import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { PoisonDelivery } from '../app/deadLetters.ts';
import type { Principal } from '../domain/access/principal.ts';
import { actOnOpsgenieAlert } from './actOnOpsgenieAlert.ts';
import { bury, buryRetrySeconds, unreadableLetter } from './bury.ts';
import { createOpsgenieAlert } from './createOpsgenieAlert.ts';
import { isJsonObject, type JsonObject } from './fieldReader.ts';
import { findOpsgenieAlert, type NamedAlert } from './findOpsgenieAlert.ts';
import { opsgenieFormat, problemsIn, type Worked } from './opsgenie.ts';
import { opsgenieActions } from './opsgenieActions.ts';
import { aliasOf, opsgenieAlert } from './opsgenieAlert.ts';
import { readJson } from './readJson.ts';
import { type InboundRequest, mayIngest, principalOf, type Reception, waitOf } from './reception.ts';
import { type InboundReply, jsonReply, retryAfter } from './reply.ts';
import { reasonOf } from './takeIn.ts';

const base = '/v2/alerts';

type Letter = Omit<PoisonDelivery, 'format'>;

/** Whether a path is one of Opsgenie's Alert API. */
export function isOpsgeniePath(path: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

/**
 * Answers as Opsgenie's Alert API does, so that its clients need nothing but another host and another key: 202 with an id
 * by which to ask what became of the request, 400 for what is not JSON, 401 and 403 about the key, 404, 422 with what is
 * wrong by field, 429. What a 202 accepts is committed by then. Besides: 413, and 503 with Retry-After.
 * Source: https://docs.opsgenie.com/docs/response
 */
export async function receiveOpsgenie(reception: Reception): Promise<InboundReply> {
  const exchange = new Exchange(reception);
  const principal = await principalOf(reception, genieKeyOf(reception.request));
  if (typeof principal === 'number') return exchange.throttled(principal);
  if (principal === null) return exchange.reply(401, { message: 'Could not authenticate' });
  if (!mayIngest(principal)) return exchange.reply(403, { message: wrongScope, code: 40_301 });
  const wait = waitOf(reception, principal);
  if (wait !== null) return exchange.throttled(wait);
  try {
    return await exchange.answer(principal);
  } catch (error) {
    return exchange.failed(error, principal);
  }
}

const wrongScope = 'This API key may not bring alerts: a key with scope INGEST alone is needed.';

/** `Authorization: GenieKey <key>`; '' for anything else. */
function genieKeyOf({ headers: { authorization } }: InboundRequest): string {
  return /^GenieKey +(\S+) *$/i.exec(typeof authorization === 'string' ? authorization : '')?.[1] ?? '';
}

/** Where in the API a request goes. */
interface Route {
  /** What names the alert, or the request whose status is asked for; '' for all alerts. */
  readonly name: string;
  /** What follows it: `close`, `notes`, …; '' for the alert itself. */
  readonly rest: string;
  readonly query: URLSearchParams;
}

function routeOf(path: string): Route {
  const [pathname = '', query = ''] = path.split('?', 2);
  const parts = pathname
    .slice(base.length + 1)
    .split('/')
    .map(decoded);
  // Opsgenie's own client for Node ends every path but that of a status with a slash.
  while (parts.at(-1) === '') parts.pop();
  const [name = '', ...rest] = parts;
  return { name, rest: rest.join('/'), query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** One request and its answer, which says how long it took and by what id to ask for it. */
class Exchange {
  readonly #reception: Reception;
  readonly #requestId = randomUUID();
  readonly #began = performance.now();

  constructor(reception: Reception) {
    this.#reception = reception;
  }

  /** @throws whatever a read of the database throws. */
  async answer(principal: Principal): Promise<InboundReply> {
    const { method, path } = this.#reception.request;
    const route = routeOf(path);
    if (route.name === '') {
      return method === 'POST' ? this.#write(principal, route) : this.#unknown();
    }
    if (method === 'GET' && route.name === 'requests') return this.#status(principal, route.rest);
    if (method === 'GET' && route.rest === '') return this.#show(principal, route);
    return Object.hasOwn(opsgenieActions, `${method} ${route.rest}`)
      ? this.#write(principal, route)
      : this.#unknown();
  }

  async #write(principal: Principal, route: Route): Promise<InboundReply> {
    const body = await this.#body();
    if ('reply' in body) return this.#buried(body.reply, body.letter, principal, route);
    const { method } = this.#reception.request;
    const action = opsgenieActions[`${method} ${route.rest}`];
    const named = namedBy(route);
    const worked =
      route.name === '' || action === undefined
        ? await createOpsgenieAlert(this.#reception, principal, body.fields)
        : await actOnOpsgenieAlert(this.#reception, principal, {
            action,
            named,
            body: body.fields,
            query: route.query,
          });
    const reply = await this.#answerTo(worked, principal);
    if (worked.kind !== 'invalid') return reply;
    const letter = { body: body.raw, ...reasonOf(problemsIn(worked.errors)) };
    return this.#buried(reply, letter, principal, route);
  }

  async #answerTo(worked: Worked, principal: Principal): Promise<InboundReply> {
    switch (worked.kind) {
      case 'invalid':
        return this.reply(422, {
          message: 'Request body is not processable. Please check the errors.',
          errors: worked.errors,
        });
      case 'busy': {
        const message = 'Warroom is busy. Send it again later.';
        return this.reply(503, { message }, retryAfter(worked.retryAfterSeconds));
      }
      case 'failed':
        return this.failed(worked.error, principal);
      case 'worked': {
        const { kind: _kind, ...note } = worked;
        try {
          await this.#reception.alerts.note(principal, { ...note, requestId: this.#requestId });
        } catch (error) {
          // What was asked for is done, and a sender that is told otherwise would do it again.
          this.#log(error, principal, 'What became of a request could not be noted.');
        }
        return this.reply(202, { result: 'Request will be processed' });
      }
    }
  }

  async #status(principal: Principal, requestId: string): Promise<InboundReply> {
    const { alerts } = this.#reception;
    const found = await alerts.request(principal, requestId);
    if (found === null) {
      return this.reply(404, { message: 'Request not found. It might not be processed, yet.' });
    }
    const { incidentId } = found;
    const named = incidentId === null ? null : ({ by: 'id', name: incidentId } as const);
    const alert = named === null ? null : await findOpsgenieAlert(this.#reception, principal, named);
    const data = {
      success: found.succeeded,
      action: found.action,
      processedAt: found.at,
      integrationId: principal.credentialId,
      isSuccess: found.succeeded,
      status: found.outcome,
      alertId: incidentId ?? '',
      alias: alert === null ? '' : aliasOf(await alerts.details(principal, alert.record), alert),
    };
    return this.reply(200, { data });
  }

  async #show(principal: Principal, route: Route): Promise<InboundReply> {
    const { alerts } = this.#reception;
    const named = namedBy(route);
    const alert = await findOpsgenieAlert(this.#reception, principal, named);
    if (alert === null) {
      return this.reply(404, { message: `Alert with ${named.by} [${named.name}] does not exist.` });
    }
    const details = await alerts.details(principal, alert.record);
    const shown = { alert, details, apiKeyId: principal.credentialId, now: alerts.now() };
    return this.reply(200, { data: opsgenieAlert(shown) });
  }

  /** Keeps what is refused, then answers; of what an address asks for, the reason says which. */
  async #buried(
    reply: InboundReply,
    letter: Letter,
    principal: Principal,
    { name, rest }: Route,
  ): Promise<InboundReply> {
    const { method } = this.#reception.request;
    const told: Letter =
      name === ''
        ? letter
        : {
            notReplayable: 'ADDRESS_NEEDED',
            ...letter,
            reason: `${method} ${base}/${[name, rest].filter(Boolean).join('/')}: ${letter.reason}`,
          };
    if (await bury({ ...told, format: opsgenieFormat }, this.#reception, principal)) return reply;
    const message = 'This could be neither processed nor kept for somebody to look at. Send it again later.';
    return this.reply(503, { message }, retryAfter(buryRetrySeconds));
  }

  /** The body's fields, none where there is no body; or the answer to one that is not acceptable, and what to keep. */
  async #body(): Promise<
    | { readonly fields: JsonObject; readonly raw: Uint8Array }
    | { readonly reply: InboundReply; readonly letter: Letter }
  > {
    const { request, bodyLimit } = this.#reception;
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    if (coding === undefined && (length === undefined || length === '0')) {
      return { fields: {}, raw: new Uint8Array() };
    }
    const read = await readJson(request.body, bodyLimit);
    if ('value' in read && isJsonObject(read.value)) return { fields: read.value, raw: read.raw };
    if ('problem' in read && read.problem === 'TOO_LARGE') {
      const message = `Request body is too large: at most ${bodyLimit} bytes are accepted.`;
      const reply = this.reply(413, { message }, { connection: 'close' });
      return { reply, letter: unreadableLetter(read, this.#reception) };
    }
    const reply = this.reply(400, { message: 'Request body is not a valid JSON object.' });
    const letter =
      'problem' in read
        ? unreadableLetter(read, this.#reception)
        : { body: read.raw, ...reasonOf([{ path: [], message: 'An object is expected.' }]) };
    return { reply, letter };
  }

  #unknown(): InboundReply {
    return this.reply(404, { message: 'Warroom has no such part of the Alert API.' });
  }

  /** Too many requests. */
  throttled(seconds: number): InboundReply {
    const headers = { 'x-ratelimit-state': 'THROTTLED', ...retryAfter(seconds) };
    return this.reply(429, { message: 'You are making too many requests!' }, headers);
  }

  /** Something unexpected. */
  failed(error: unknown, principal: Principal): InboundReply {
    this.#log(error, principal, 'A webhook could not be answered.');
    return this.reply(500, { message: 'Something unexpected went wrong. Try again.' });
  }

  #log(error: unknown, principal: Principal, message: string): void {
    const { log, request } = this.#reception;
    const apiKeyId = principal.credentialId;
    log.error({ err: error, connector: 'opsgenie', apiKeyId, from: request.remoteAddress }, message);
  }

  /** An answer of this request. */
  reply(status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}): InboundReply {
    const took = Math.round(performance.now() - this.#began) / 1_000;
    const requestId = this.#requestId;
    const standard = {
      'x-request-id': requestId,
      'x-response-time': String(took),
      'x-ratelimit-state': 'OK',
    };
    return jsonReply(status, { ...body, took, requestId }, { ...standard, ...headers });
  }
}

function namedBy({ name, query }: Route): NamedAlert {
  const by = query.get('identifierType') ?? 'id';
  return { by: by === 'alias' || by === 'tiny' ? by : 'id', name };
}
