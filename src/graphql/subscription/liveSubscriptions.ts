import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  getOperationAST,
  locatedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';
import { readFailure } from '../../app/storeFailure.ts';
import type { Principal } from '../../domain/access/principal.ts';
import type { FeedEntry } from '../../feed/entry.ts';
import type { Feed } from '../../feed/feed.ts';
import { createGroups } from '../../feed/groups.ts';
import type { Outlet, Render } from '../../feed/outlet.ts';
import type { FeedSource } from '../../feed/source.ts';
import type { GraphQLContext } from '../context.ts';
import { groupKey, plainRootField } from './groupKey.ts';
import { personalExtension, type SourceOf, sourceExtension } from './live.ts';
import { pageExecutor } from './pageExecutor.ts';
import { plainSelection, type WritePlain } from './plainSelection.ts';
import { withoutStates } from './withoutStates.ts';

/**
 * Milliseconds before a page of which a field failed is executed again, each time, though the database answers. What
 * then fails still is no outage: it is told with its errors, or a field that always fails would hold up its readers for
 * ever.
 */
const pauses = [50, 250, 1_000];

/** What live subscriptions are made of. */
export interface LiveOptions {
  readonly feed: Feed;
  /** A fresh context for the group's own principal. */
  contextFor(principal: Principal, requestId: string): GraphQLContext;
  /** What clients may see of a result. */
  mask(result: ExecutionResult, requestId: string): ExecutionResult;
  /** One round trip to the database. @throws while it cannot be asked. */
  askDatabase(): Promise<void>;
  /** Told of what is tried again, or makes subscribers come back with their cursor. */
  onError(error: unknown): void;
}

/** A subscriber's own operation, validated, with its own context. */
export interface LiveRequest {
  readonly args: ExecutionArgs;
  readonly outlet: Outlet;
}

/** Subscriptions whose results are shared by everyone who asks the same with the same permissions. */
export interface LiveSubscriptions {
  /**
   * Joins the operation's group; its results go to the outlet as JSON text, `{"data":…}` or with `errors`. Answers how
   * to leave, or null when the operation cannot be shared: then run it alone.
   * @throws GraphQLError located at its field when the source refuses it or the cursor is beyond the head.
   */
  join(request: LiveRequest): Promise<(() => void) | null>;
}

interface Shareable {
  readonly key: string;
  /** The group's. */
  readonly principal: Principal;
  readonly operation: OperationDefinitionNode;
  readonly field: FieldNode;
  readonly sourceOf: SourceOf<unknown>;
  readonly fieldArgs: unknown;
}

/** Makes the groups of GraphQL subscriptions over a feed. */
export function createLiveSubscriptions(options: LiveOptions): LiveSubscriptions {
  const groups = createGroups(options.feed, options.onError);
  return {
    async join({ args, outlet }) {
      const shareable = shareableOf(args);
      if (shareable === null) return null;
      const { key, field, sourceOf, fieldArgs } = shareable;
      const { principal } = shareable;
      const run = runnerOf(args, shareable.operation, principal, options);
      try {
        // In the subscriber's own context: this is where it is authorized. The group is given a source of its own.
        const own: FeedSource = await sourceOf(fieldArgs, args.contextValue as GraphQLContext);
        return await groups.join({
          key,
          organizationId: principal.organizationId,
          after: own.mode === 'every' ? own.after : null,
          source: async () => {
            const source = await sourceOf(fieldArgs, run.context());
            return withoutStates(source, [args.document]);
          },
          render: run.render,
          outlet,
        });
      } catch (error) {
        throw locatedError(error, [field], [field.alias?.value ?? field.name.value]);
      }
    },
  };
}

/** Null for what is not one plain live field, or does not fit its arguments: executed alone, it gets its errors. */
function shareableOf(args: ExecutionArgs): Shareable | null {
  const { document, schema } = args;
  const operation = getOperationAST(document, args.operationName);
  const field = operation?.operation === OperationTypeNode.SUBSCRIPTION ? plainRootField(operation) : null;
  if (!operation || field === null) return null;
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  const sourceOf = definition?.extensions[sourceExtension] as SourceOf<unknown> | undefined;
  if (definition === undefined || sourceOf === undefined) return null;
  const given = (args.variableValues ?? {}) as Record<string, unknown>;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (coerced === undefined) return null;
  const { principal } = args.contextValue as GraphQLContext;
  const key = groupKey({ document, operation, field, variables: given, principal });
  const isPersonal = definition.extensions[personalExtension] === true;
  return {
    key: isPersonal ? `${key} ${principal.actor.id}` : key,
    principal: isPersonal ? principal : groupPrincipal(principal),
    operation,
    field,
    sourceOf,
    fieldArgs: getArgumentValues(definition, field, coerced),
  };
}

/** The group's organization and permissions, and nobody's identity. */
function groupPrincipal(principal: Principal): Principal {
  return {
    organizationId: principal.organizationId,
    organizationSlug: principal.organizationSlug,
    actor: { kind: principal.actor.kind, id: null, role: principal.actor.role },
    scopes: principal.scopes,
    credentialId: 'subscription group',
  };
}

/** Executes for the group; keeps the operation, and nothing of the subscriber it came from. */
function runnerOf(
  args: ExecutionArgs,
  operation: OperationDefinitionNode,
  principal: Principal,
  options: LiveOptions,
) {
  const { schema, document, variableValues } = args;
  // graphql-js executes a subscription's selection for events; Yoga's own executor would subscribe again.
  const executePage = pageExecutor({ schema, document, operation, variableValues: variableValues ?? {} });
  const plain = plainSelection(schema, document, operation);
  const render: Render = async (values) => {
    const written = plain === null ? null : writtenPlainly(values as readonly FeedEntry[], plain);
    if (written !== null) return written;
    for (let attempt = 0; ; attempt += 1) {
      const requestId = randomUUID();
      // One context for the whole batch: its loaders read for all of them at once. A fresh one reads anew.
      const contextValue = options.contextFor(principal, requestId);
      const results = await executePage(values, contextValue);
      const pause = pauses[attempt];
      const failure = passingFailure(results);
      // While the database is away an event is not told with errors: its group waits, and then sends its readers back.
      if (failure !== null) await options.askDatabase();
      if (failure === null || pause === undefined)
        return results.map((result) => serialized(options.mask(result, requestId)));
      // A connection that dies under the read of a name must not cost everyone who listens the event.
      options.onError(failure);
      await sleep(pause);
    }
  };
  return { render, context: () => options.contextFor(principal, randomUUID()) };
}

/** Null when one of the events has to be executed. */
function writtenPlainly(values: readonly FeedEntry[], write: WritePlain): readonly Buffer[] | null {
  const written: Buffer[] = [];
  for (const value of values) {
    const text = write(value);
    if (text === null) return null;
    written.push(Buffer.from(text));
  }
  return written;
}

/** As graphql-ws would write it: `data` first, and `errors` only when there are some. */
function serialized(result: ExecutionResult): Buffer {
  const { errors, ...rest } = result;
  return Buffer.from(JSON.stringify(errors === undefined ? rest : { ...rest, errors }));
}

/** Of results, the first failure of a field that may not be there the next time; null when there is none. */
function passingFailure(results: readonly ExecutionResult[]): unknown {
  for (const { errors = [] } of results) {
    for (const error of errors) {
      let cause: unknown = error;
      while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
      const isSaid = cause instanceof GraphQLError || saidForGood(cause);
      if (!isSaid && readFailure(cause) !== 'rejected') return cause;
    }
  }
  return null;
}

/** Refusals of other rooms, which stay as they are. */
function saidForGood(cause: unknown): boolean {
  const { code } = cause as { readonly code?: unknown };
  return code === 'SERVER_OUTDATED' || code === 'CURSOR_BEYOND_HEAD';
}
