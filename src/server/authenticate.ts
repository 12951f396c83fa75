import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { TooManyGuessesError } from '../app/tooManyGuesses.ts';
import type { Principal } from '../domain/access/principal.ts';
import { type AddressOf, type Presented, presentedBy, presentedBySocket } from './presented.ts';

/** A credential as it was found: who it is, and until when it may be believed. */
export interface Credential {
  readonly principal: Principal;
  /** Null when it does not expire. */
  readonly expiresAt: string | null;
}

/**
 * Knows one kind of credential. Answers undefined when what is presented is none of its kind, null when it is and does
 * not hold; what it throws as a GraphQLError is for whoever asks.
 */
export type CredentialResolver = (presented: Presented) => Promise<Credential | null> | undefined;

/** Tells who is asking. */
export interface Authenticator {
  /** The credential that holds now; null when there is none. */
  credential(presented: Presented): Promise<Credential | null>;
  /** The same of a request, found once however often it is asked for. */
  credentialOf(request: IncomingMessage): Promise<Credential | null>;
  /** What a request presents. */
  presentedBy(request: IncomingMessage): Presented;
  /** What a WebSocket presents: `connection_init`'s payload, and the request that opened it. */
  presentedBySocket(
    request: IncomingMessage,
    parameters: Readonly<Record<string, unknown>> | undefined,
  ): Presented;
}

/** Asks each kind in turn: the first whose kind it is answers, and no other is asked after it. */
export function createAuthenticator(
  resolvers: readonly CredentialResolver[],
  addressOf: AddressOf = ({ socket }) => socket.remoteAddress ?? '',
): Authenticator {
  const found = new WeakMap<IncomingMessage, Promise<Credential | null>>();

  const credential = (presented: Presented): Promise<Credential | null> => {
    for (const resolve of resolvers) {
      const answer = resolve(presented);
      if (answer !== undefined) return answer.catch(refuseInHttp);
    }
    return Promise.resolve(null);
  };

  return {
    credential,
    presentedBy: (request) => presentedBy(request, addressOf),
    presentedBySocket: (request, parameters) => presentedBySocket(request, parameters, addressOf),
    credentialOf(request) {
      let answer = found.get(request);
      if (answer === undefined) {
        answer = credential(presentedBy(request, addressOf));
        found.set(request, answer);
      }
      return answer;
    },
  };
}

/** Nothing has been executed yet, so that the whole answer is this refusal: HTTP's own words for it are in place. */
function refuseInHttp(error: unknown): never {
  if (!(error instanceof TooManyGuessesError)) throw error;
  const { code, message, retryAfterSeconds } = error;
  const http = { status: 429, headers: { 'Retry-After': String(retryAfterSeconds) } };
  throw new GraphQLError(message, { extensions: { code, retryAfterSeconds, http } });
}
