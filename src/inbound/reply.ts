import type { FieldProblem } from '../domain/refusal.ts';

/** What is answered to a webhook. */
export interface InboundReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; empty when there is nothing to say. */
  readonly body: string;
}

/** An answer of JSON, never cached. */
export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): InboundReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** When to come back, as HTTP says it: whole seconds, at least one. */
export function retryAfter(seconds: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(seconds))) };
}

/** `alerts.0.status`: where in the body a problem is; `body` for the whole. */
export function pathOf(problem: FieldProblem): string {
  return problem.path.length === 0 ? 'body' : problem.path.join('.');
}
