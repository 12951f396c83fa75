import { createHash } from 'node:crypto';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';
import { type Principal, permissionKey } from '../../domain/access/principal.ts';

/** The argument that only says where to start: subscriptions that differ in nothing else are identical. */
const cursorArgument = 'after';

/** A document without its cursor: the same text for everyone who differs only in where they resume. */
interface Normalized {
  readonly text: string;
  /** Variables that select more than where to start, in order of their names. */
  readonly variables: readonly string[];
}

const normalized = new WeakMap<DocumentNode, Map<string, Normalized>>();

/** What a subscription is, as far as its results go. */
export interface Subscribed {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly field: FieldNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/**
 * Equal for two subscriptions exactly when one execution may serve both: same organization, permissions, document,
 * operation and variables, the cursor aside. A SHA-256 in base64, because there are as many keys as groups.
 */
export function groupKey(subscribed: Subscribed): string {
  const { principal, operation } = subscribed;
  const { text, variables } = normalize(subscribed);
  return createHash('sha256')
    .update(JSON.stringify([principal.organizationId, principal.actor.kind, permissionKey(principal)]))
    .update(JSON.stringify([operation.name?.value ?? null, text]))
    .update(canonical(variables.map((name) => [name, subscribed.variables[name]])))
    .digest('base64');
}

function normalize({ document, operation, field }: Subscribed): Normalized {
  const name = operation.name?.value ?? '';
  const known = normalized.get(document)?.get(name);
  if (known !== undefined) return known;
  const cursor = field.arguments?.find((argument) => argument.name.value === cursorArgument);
  const without = cursor === undefined ? document : withoutArgument(document, cursor);
  const made = { text: print(without), variables: variablesOf(without, operation) };
  const operations = normalized.get(document) ?? new Map<string, Normalized>();
  normalized.set(document, operations.set(name, made));
  return made;
}

function withoutArgument(document: DocumentNode, cursor: ArgumentNode): DocumentNode {
  return visit(document, { Argument: (node) => (node === cursor ? null : undefined) });
}

/** The operation's variables that are still used somewhere. */
function variablesOf(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const used = new Set<string>();
  visit(document, {
    // Where a variable is declared is not where it is used.
    VariableDefinition: () => false,
    Variable: (node) => void used.add(node.name.value),
  });
  const declared = operation.variableDefinitions?.map((definition) => definition.variable.name.value) ?? [];
  return declared.filter((name) => used.has(name)).sort();
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The one root field of a subscription; null when it is not plainly one (a fragment, a directive). */
export function plainRootField(operation: OperationDefinitionNode): FieldNode | null {
  const [field, second] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || second !== undefined) return null;
  return (field.directives?.length ?? 0) === 0 ? field : null;
}
