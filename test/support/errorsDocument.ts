import { type ErrorCode, errorCodes } from '../../src/domain/errors.ts';

/** Code → the typed errors that carry it; every other code is of a top-level error. */
const typed: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'NotFoundError',
  FORBIDDEN: 'ForbiddenError',
  VALIDATION_FAILED: 'ValidationError',
  CONFLICT: 'ConflictError',
  INVALID_TRANSITION: 'InvalidTransitionError',
  ALREADY_ACKNOWLEDGED: 'InvalidTransitionError',
  WORKFLOW_GATE_UNMET: 'WorkflowGateError',
  IDEMPOTENCY_KEY_REUSED: 'IdempotencyError',
};

/** Codes that are not of one typed error alone → where they stand. */
const elsewhere: Partial<Record<ErrorCode, string>> = {
  SESSION_GATED: '`GET /gate/…`',
  RATE_LIMITED: '`RateLimitedError`, or top level',
};

const introduction = `# Errors

Made from \`src/domain/errors.ts\`, the one registry; change it there and run \`npx vitest run test/graphql/errorsDocument.test.ts -u\`.

Warroom answers "no" in two ways.

- **Typed errors** are data. A mutation answers a union: its payload, or one error that implements \`UserError\`. Nothing
  was done unless you get the payload. Ask for what you can act on, and for the rest of them with one fragment:

  \`\`\`graphql
  mutation {
    resolveIncident(input: { incidentId: "…", summary: "Rolled back" }) {
      ... on ResolveIncidentPayload { incident { status } sequence }
      ... on WorkflowGateError { missing }
      ... on UserError { code message }
    }
  }
  \`\`\`

- **Top-level errors** stand in \`errors\`, with the code in \`extensions.code\`: the request was not well formed, nobody is
  signed in, or something unexpected went wrong. Unexpected ones say nothing of what it was; \`extensions.requestId\` is
  the same as in the server's log. A query answers NOT_FOUND and FORBIDDEN here too, and \`null\` where an id is simply
  of nothing.
`;

/** docs/errors.md, whole. */
export function errorsDocument(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => {
    const type = typed[code as ErrorCode];
    const where = type === undefined ? (elsewhere[code as ErrorCode] ?? 'top level') : `\`${type}\``;
    return `| \`${code}\` | ${where} | ${meaning} |`;
  });
  return `${introduction}\n| Code | Where | Meaning, and what to do |\n|---|---|---|\n${rows.join('\n')}\n`;
}
