/** One GraphQL request over HTTP; answers `data`. @throws Error when there are errors, in the envelope or typed. */
async function request<T>(url: string, key: string, query: string): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as { data?: T; errors?: unknown };
  if (body.errors !== undefined || body.data == null) throw new Error(JSON.stringify(body));
  return body.data;
}

/** Declares an incident; answers its id. */
export async function declareIncident(url: string, key: string): Promise<string> {
  const { declareIncident: payload } = await request<{ declareIncident: { incident?: { id: string } } }>(
    url,
    key,
    `mutation { declareIncident(input: { title: "Checkout answers 500", severity: SEV4 }) {
      ... on DeclareIncidentPayload { incident { id } } ... on UserError { code message } } }`,
  );
  if (payload.incident === undefined) throw new Error(JSON.stringify(payload));
  return payload.incident.id;
}

/** Makes an API key that brings signals in; answers its secret. */
export async function createIngestKey(url: string, key: string): Promise<string> {
  const { createApiKey } = await request<{ createApiKey: { secret?: string } }>(
    url,
    key,
    `mutation { createApiKey(input: { name: "bench", role: MEMBER, scopes: [INGEST] }) {
      ... on CreateApiKeyPayload { secret } ... on UserError { code message } } }`,
  );
  if (createApiKey.secret === undefined) throw new Error(JSON.stringify(createApiKey));
  return createApiKey.secret;
}

/** The mutation every write of the bench is. */
export const addNote = `mutation($input: AddIncidentNoteInput!) {
  addIncidentNote(input: $input) {
    ... on AddIncidentNotePayload { sequence incident { version } } ... on UserError { code message } } }`;

/** An incident's id as clients name it. */
export function incidentGlobalId(id: string): string {
  return Buffer.from(`Incident:${id}`).toString('base64');
}
