/**
 * The one registry of error codes: code → what it means and what to do. GraphQL's `ErrorCode` and docs/errors.md are
 * tested equal to it. Codes are never renamed.
 */
export const errorCodes = {
  NOT_FOUND:
    'Nothing with that id or reference exists in your organization. Check the id, and the organization you act in.',
  FORBIDDEN:
    'Your role or the scopes of your API key do not allow this. The error names the role or scope that does.',
  VALIDATION_FAILED:
    'One or more input fields are not acceptable. `fields` names each with what is expected.',
  CONFLICT: 'Someone changed it since the version you expected. Read it again and decide on what it is now.',
  INVALID_TRANSITION:
    'The incident is in a status that does not allow this. The error names the statuses that can follow.',
  ALREADY_ACKNOWLEDGED: 'Someone else acknowledged the incident already. The error names who, and when.',
  WORKFLOW_GATE_UNMET: 'A step of the workflow is missing. `missing` names what must be recorded first.',
  IDEMPOTENCY_KEY_REUSED:
    'The idempotency key was used with another mutation or other input. Use a new key for a new intent.',
  SESSION_GATED:
    'An incident that nobody has acknowledged keeps this person out of other systems. The answer names it, and what ends that.',
  BAD_USER_INPUT: 'The request is not well formed. The message says which argument and why.',
  UNAUTHENTICATED: 'No valid credential was sent. Send `Authorization: Bearer <API key>`, or sign in.',
  CROSS_ORIGIN:
    "A session's cookie came with a request that another site's page sent. Use an API key there, or set WARROOM_PUBLIC_URL to the address people reach Warroom by.",
  CURSOR_BEYOND_HEAD:
    'The cursor is past the end of what is followed, so it is not from this organization or database. Read `ledgerHead`, for runs `runsHead`, and resume from there.',
  OPERATION_REFUSED: 'The operation is too deep, too costly or too long. The message names the limit.',
  RATE_LIMITED: 'Too many requests. Wait `retryAfterSeconds` and try again.',
  OVERLOADED:
    'Warroom is busy; nothing was done. Try again after `retryAfterSeconds` with the same idempotency key.',
  SERVER_OUTDATED:
    'This server is older than the data it was asked to change. Ask a newer instance, or upgrade this one.',
  INTERNAL: 'Something unexpected went wrong. Quote the request id when you report it.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCodes;
