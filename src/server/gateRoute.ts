import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { GateAnswer, GateKeeper } from '../app/gateKeeper.ts';
import { gateAnswerLasts } from '../app/gateWatch.ts';
import { type BlockingIncident, gateReason } from '../domain/access/blockedBy.ts';
import { authorize } from '../domain/access/permissions.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { referenceOf } from '../domain/incident/state.ts';
import { idOf, toGlobalId } from '../graphql/globalId.ts';
import type { Credential } from './authenticate.ts';
import type { Route } from './server.ts';

/** Whose gate is asked about is at most so many characters, as it stands in the path. */
const askedAtMost = 1_000;

/** Seconds a block may be kept by whoever asked: short, so that the acknowledgement is felt. */
const blockLasts = 1;

/** What answers `/gate/…`. */
export interface GateRouteOptions {
  readonly gates: GateKeeper;
  /** The credential of a request; null when there is none that holds. */
  credentialOf(request: IncomingMessage): Promise<Credential | null>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/**
 * `GET /gate/<user id or email>` with an API key of scope GATE: 200 when that member may pass, 403 with the incident
 * when one blocks them, made for `auth_request` and the like. The header `Warroom-Gate` (`open` or `blocked`) is on
 * these two answers only: every other one (401, 403 for another scope, 404, 405, 503) is about the asking, not the
 * person.
 */
export function createGateRoute(options: GateRouteOptions): Route {
  return async (request, response) => {
    const asked = /^\/gate\/([^/?]*)\/?(?:\?|$)/.exec(request.url ?? '')?.[1];
    if (asked === undefined) return false;
    write(request, response, await replyTo(options, request, asked));
    return true;
  };
}

async function replyTo(options: GateRouteOptions, request: IncomingMessage, asked: string): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const { status, body } = problem(405, 'BAD_USER_INPUT', 'Only GET and HEAD are possible here.');
    return { status, body, headers: { allow: 'GET, HEAD' } };
  }
  let credential: Credential | null;
  try {
    credential = await options.credentialOf(request);
  } catch (error) {
    if (error instanceof GraphQLError) return refusedAsking(error);
    throw error;
  }
  if (credential === null) {
    const message = 'Send an API key of scope GATE as `Authorization: Bearer <key>`.';
    return { ...problem(401, 'UNAUTHENTICATED', message), headers: { 'www-authenticate': 'Bearer' } };
  }
  const { organizationId, actor, scopes } = credential.principal;
  const refusal = authorize('gate', { kind: actor.kind, role: actor.role, scopes });
  if (refusal !== null) return problem(403, 'FORBIDDEN', refusal.message);
  const idOrEmail = asked.length > askedAtMost ? null : decoded(asked);
  const answer = idOrEmail === null ? null : await askFor(options.gates, organizationId, idOrEmail);
  if (answer === 'BUSY') {
    return { ...problem(503, 'OVERLOADED', 'Warroom is busy; ask again.'), headers: { 'retry-after': '1' } };
  }
  return answer === null ? notFound : standingReply(answer);
}

/** Why somebody cannot be told from others now, as the API says it: guesses too often, the keys of tokens away. */
function refusedAsking({ message, extensions }: GraphQLError): Reply {
  const { status = 400, headers = {} } = (extensions.http ?? {}) as Partial<Reply>;
  return { ...problem(status, extensions.code as ErrorCode, message), headers };
}

const notFound = problem(404, 'NOT_FOUND', 'There is no such member in your organization.');

function problem(status: number, code: ErrorCode, message: string): Reply {
  return { status, body: { code, message } };
}

/** Whose id or email stands behind the percent signs, or whose node id; null when it can be nobody's. */
function decoded(asked: string): string | null {
  try {
    const text = decodeURIComponent(asked);
    const named = idOf('User', text) ?? text;
    return named === '' || /[\p{Cc}\p{Cs}]/u.test(named) ? null : named;
  } catch {
    return null;
  }
}

async function askFor(gates: GateKeeper, organizationId: string, idOrEmail: string) {
  try {
    return await gates.ask(organizationId, idOrEmail);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'OVERLOADED') return 'BUSY';
    throw error;
  }
}

function standingReply({ standing, age }: GateAnswer): Reply {
  const left = Math.max(0, Math.floor((gateAnswerLasts - age) / 1_000));
  const { blocking } = standing;
  if (blocking === null) {
    return { status: 200, headers: { ...keptFor(left), 'warroom-gate': 'open' }, body: { blocked: false } };
  }
  const reference = referenceOf(blocking.number);
  return {
    status: 403,
    headers: {
      ...keptFor(Math.min(left, blockLasts)),
      'warroom-gate': 'blocked',
      'warroom-incident': reference,
    },
    body: blockedBody(blocking, reference),
  };
}

function blockedBody(blocking: BlockingIncident, reference: string): object {
  const { incidentId, title, severity, blockedAt } = blocking;
  return {
    blocked: true,
    code: 'SESSION_GATED',
    reason: gateReason(blocking),
    incident: { id: toGlobalId('Incident', incidentId), reference, title, severity, since: blockedAt },
  };
}

function keptFor(seconds: number): Readonly<Record<string, string>> {
  return { 'cache-control': `private, max-age=${seconds}` };
}

function write(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Reply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
