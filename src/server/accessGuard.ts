import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { AccessLog } from '../app/accessLog.ts';
import type { AccessEntry } from '../domain/access/accessEntry.ts';
import { isLogged } from '../domain/access/loggedOperations.ts';
import { authorize, type OperationName, type PrincipalLike } from '../domain/access/permissions.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Clock } from '../store/clock.ts';
import { type Asked, type Asking, askedFor, askingOf } from './askedFor.ts';
import type { RequestOrigin } from './requestOrigin.ts';

/** What the guard works with. */
export interface AccessGuardOptions {
  readonly accessLog: AccessLog;
  /** Whether the organization has people's reads of incidents kept, too. */
  logIncidentReads(organizationId: string): Promise<boolean>;
  readonly clock: Clock;
  newId(): string;
}

/** Has the access log written before what it is about is carried out. */
export interface AccessGuard {
  /** For Yoga: every query, mutation and stream, over HTTP and WebSocket. After what masks errors. */
  readonly plugin: Plugin;
  /**
   * Returns, or resolves, once the operation may be carried out; of one context only once. For what is executed past
   * the plugin: shared subscriptions.
   * @throws OverloadedError when what must be kept cannot be written.
   */
  admit(args: ExecutionArgs): Promise<void> | undefined;
}

/** Operations that count as others, by what they are asked with. */
const saidByArguments: ReadonlySet<OperationName> = new Set([
  'node',
  'nodes',
  'ledgerHead',
  'sessionGate',
  'sessionGateChanged',
]);

/** Milliseconds for which an organization's policy is believed. */
const policyBelievedFor = 1_000;

/** A context with what the transport put there. */
interface GuardedContext extends GraphQLContext {
  readonly origin?: RequestOrigin;
}

type Judged = PrincipalLike & { readonly superadmin: boolean };

/** Makes the guard of this server. */
export function createAccessGuard(options: AccessGuardOptions): AccessGuard {
  const admitted = new WeakSet<object>();
  const policyOf = rememberPolicies(options);

  const admit = (args: ExecutionArgs): Promise<void> | undefined => {
    const context = args.contextValue as GuardedContext;
    if (admitted.has(context)) return undefined;
    admitted.add(context);
    const asking = askingOf(args);
    if (asking === null) return undefined;
    const judged = judgedOf(context.principal);
    // What no policy would have kept costs no more than this.
    if (!mayBeLogged(asking, judged, true)) return undefined;
    const logIncidentReads = policyOf(context.principal.organizationId);
    if (logIncidentReads === false && !mayBeLogged(asking, judged, false)) return undefined;
    return keep(options, logIncidentReads, asking, args, judged);
  };
  const refused = (error: unknown): ExecutionResult => {
    const originalError = error instanceof Error ? error : new Error(String(error));
    return { errors: [new GraphQLError(originalError.message, { originalError })] };
  };
  return {
    admit,
    plugin: {
      onExecute({ args, setResultAndStopExecution }) {
        return admit(args)?.catch((error: unknown) => setResultAndStopExecution(refused(error)));
      },
      onSubscribe({ args, setResultAndStopExecution }) {
        return admit(args)?.catch((error: unknown) => setResultAndStopExecution(refused(error)));
      },
    },
  };
}

function judgedOf({ actor, scopes, superadmin }: Principal): Judged {
  return { kind: actor.kind, role: actor.role, scopes, superadmin: superadmin ?? false };
}

function mayBeLogged({ mayAsk }: Asking, judged: Judged, logIncidentReads: boolean): boolean {
  if (judged.superadmin) return true;
  for (const operation of mayAsk) {
    // Which kind they are of is for their ids and arguments to say.
    if (saidByArguments.has(operation)) return true;
    if (isLogged(operation, judged, logIncidentReads)) return true;
  }
  return false;
}

/** The policy of an organization: at once while it is believed, otherwise when it was read. */
function rememberPolicies(
  options: AccessGuardOptions,
): (organizationId: string) => boolean | Promise<boolean> {
  const known = new LRUCache<string, boolean | Promise<boolean>>({ max: 10_000, ttl: policyBelievedFor });
  return (organizationId) => {
    const before = known.get(organizationId);
    if (before !== undefined) return before;
    const reading = options.logIncidentReads(organizationId);
    known.set(organizationId, reading);
    reading.then(
      (answer) => known.set(organizationId, answer, { noUpdateTTL: true }),
      () => known.delete(organizationId),
    );
    return reading;
  };
}

async function keep(
  options: AccessGuardOptions,
  policy: boolean | Promise<boolean>,
  asking: Asking,
  args: ExecutionArgs,
  judged: Judged,
): Promise<void> {
  const context = args.contextValue as GuardedContext;
  const { organizationId } = context.principal;
  const logIncidentReads = await policy;
  const at = options.clock.now();
  const entries = askedFor(asking, args.variableValues, { ...judged, id: context.principal.actor.id })
    .filter(({ operation }) =>
      operation === null ? judged.superadmin : isLogged(operation, judged, logIncidentReads),
    )
    .map((asked) => ({ id: options.newId(), at, ...entryOf(asking, asked, context, judged) }));
  if (entries.length === 0) return;
  const recorded = options.accessLog.record(organizationId, entries);
  await (judged.superadmin ? Promise.all([recorded, writeAct(asking, entries, context)]) : recorded);
}

/** Says in the organization's own ledger what a SUPERADMIN is about to do there. */
async function writeAct(
  { kind }: Asking,
  entries: readonly AccessEntry[],
  { handle, principal, requestId }: GuardedContext,
): Promise<void> {
  const { organizationId, actor, scopes } = principal;
  const fields = entries.map(({ field }) => field);
  const answer = await handle({
    organizationId,
    actor,
    scopes,
    target: { by: 'administration' },
    command: { name: 'recordSuperadminAct', input: { operation: kind, fields, requestId } },
  });
  if (answer.kind === 'refused')
    throw new Error(`A superadmin's act was not written: ${answer.refusal.message}`);
}

function entryOf(
  { kind }: Asking,
  { field, operation, subjects }: Asked,
  { principal, requestId, origin }: GuardedContext,
  judged: Judged,
): Omit<AccessEntry, 'id' | 'at'> {
  // A SUPERADMIN is one also where they act as a member.
  const asking = { ...judged, superadmin: principal.platformRole === 'SUPERADMIN' };
  const allowed = operation === null || authorize(operation, asking) === null;
  return {
    requestId,
    actor: principal.actor,
    superadmin: judged.superadmin,
    credentialId: principal.credentialId,
    operation: kind,
    field,
    subjects,
    address: origin?.address ?? null,
    userAgent: origin?.userAgent ?? null,
    outcome: allowed ? 'ALLOWED' : 'REFUSED',
  };
}
