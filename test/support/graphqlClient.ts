import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What a GraphQL request answered. */
export interface GraphQLAnswer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** Sends one operation over HTTP, as any client would. */
export async function post<T = Record<string, unknown>>(
  url: string,
  key: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphQLAnswer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: T | null; errors?: GraphQLAnswer<T>['errors'] };
  return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] };
}

/** Sends a mutation with one root field and returns its payload; throws on any error, typed or not. */
export async function mutate<P extends Record<string, unknown>>(
  url: string,
  key: string,
  field: string,
  input: Record<string, unknown>,
  selection: string,
): Promise<P> {
  const upper = field.charAt(0).toUpperCase() + field.slice(1);
  const query = `mutation($input: ${upper}Input!) { ${field}(input: $input) { __typename ... on ${upper}Payload { ${selection} } ... on UserError { code message } ... on ValidationError { fields { path message } } } }`;
  const answer = await post<Record<string, P & { __typename: string }>>(url, key, query, { input });
  const result = answer.data?.[field];
  if (result === undefined || result === null || result.__typename !== `${upper}Payload`)
    throw new Error(`${field}: ${JSON.stringify(answer)}`);
  return result;
}

/** A graphql-ws client that does not reconnect by itself: the test decides when to resume, and from where. */
export function socketClient(url: string, key: string): Client {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    lazy: true,
  });
}
