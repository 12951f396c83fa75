import type { Plugin } from 'graphql-yoga';

const refusal = JSON.stringify({
  errors: [
    {
      message: 'Send the operation as JSON: content-type application/json.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ],
});

function isJson(contentType: string | null): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/graphql+json';
}

/**
 * Takes a POST as JSON and in no other form: a browser sends forms and plain text across sites without asking, so
 * another page could act as whoever is signed in. A GET stays what GraphQL over HTTP makes it, a query; Yoga refuses
 * mutations there.
 */
export function jsonPostOnly(): Plugin {
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return;
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      endResponse(new fetchAPI.Response(refusal, { status: 415, headers }));
    },
  };
}
