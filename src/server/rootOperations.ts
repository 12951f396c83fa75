import {
  type FieldNode,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { subjectsLimit } from '../domain/access/accessEntry.ts';
import { nodesShownBy } from '../domain/access/loggedOperations.ts';
import {
  authorize,
  type OperationName,
  type PrincipalLike,
  permissions,
} from '../domain/access/permissions.ts';
import { idOf, readGlobalId } from '../graphql/globalId.ts';
import type { Asked } from './askedFor.ts';

/** The longest id kept, in characters. */
const subjectLength = 100;

/** Input objects inside each other that are looked into for ids. */
const inputDepth = 3;

/** What one root field asks for with these variables: itself, or what its ids and arguments make of it. */
export function rootOperations(
  schema: GraphQLSchema,
  rootType: GraphQLObjectType,
  node: FieldNode,
  variables: Record<string, unknown>,
  asker: PrincipalLike & { readonly id: string | null },
): readonly Asked[] {
  const name = node.name.value;
  const definition = rootType.getFields()[name];
  if (definition === undefined || !Object.hasOwn(permissions, name)) {
    return [{ field: name, operation: null, subjects: [] }];
  }
  let values: Record<string, unknown>;
  try {
    values = getArgumentValues(definition, node, variables);
  } catch {
    // The field will be refused in the same words; that it was asked for is worth keeping all the same.
    return [{ field: name, operation: name as OperationName, subjects: [] }];
  }
  const subjects = new Set<string>();
  for (const { name: argument, type } of definition.args) {
    gatherIds(argument, type, values[argument], subjects, inputDepth);
  }
  if (name === 'node' || name === 'nodes') return byNodes(schema, name, [...subjects]);
  const operation = operationOf(name as OperationName, values, asker);
  return [{ field: operation, operation, subjects: [...subjects].slice(0, subjectsLimit).map(kept) }];
}

/** What a field counts as with these arguments. */
function operationOf(
  name: OperationName,
  values: Record<string, unknown>,
  asker: PrincipalLike & { readonly id: string | null },
): OperationName {
  if (name === 'ledgerHead' && values.ledger === 'ADMINISTRATION') return 'administrationLedgerHead';
  if (name !== 'sessionGate' && name !== 'sessionGateChanged') return name;
  const { userId } = values;
  if (typeof userId !== 'string') return name;
  if (asker.kind === 'USER' && idOf('User', userId) === asker.id) return name;
  return authorize('gate', asker) === null ? 'gate' : 'sessionGateOfOthers';
}

/** Each kind of node once, with its ids. */
function byNodes(schema: GraphQLSchema, field: 'node' | 'nodes', ids: readonly string[]): readonly Asked[] {
  const found = new Map<OperationName, string[]>();
  for (const id of ids) {
    const operation = nodeOperation(schema, id) ?? field;
    const same = found.get(operation) ?? [];
    found.set(operation, same);
    if (same.length < subjectsLimit) same.push(kept(id));
  }
  if (found.size === 0) return [{ field, operation: field, subjects: [] }];
  return [...found].map(([operation, subjects]) => ({ field: operation, operation, subjects }));
}

function nodeOperation(schema: GraphQLSchema, globalId: string): OperationName | null {
  let typename: string;
  try {
    typename = readGlobalId(globalId).typename;
  } catch {
    return null;
  }
  if (Object.hasOwn(nodesShownBy, typename)) return nodesShownBy[typename] ?? null;
  const type = schema.getType(typename);
  const isEvent = isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'IncidentEvent');
  return isEvent ? 'incidentEvents' : null;
}

/** Ids and references only: what else is asked with may be anything, a secret included. */
function gatherIds(
  name: string,
  type: GraphQLInputType,
  value: unknown,
  into: Set<string>,
  depth: number,
): void {
  const named = getNamedType(type);
  const values = Array.isArray(value) ? value : [value];
  for (const one of values) {
    if (named.name === 'ID' || name === 'reference') {
      if (typeof one === 'string') into.add(one);
    } else if (isInputObjectType(named) && typeof one === 'object' && one !== null && depth > 0) {
      for (const field of Object.values(named.getFields())) {
        gatherIds(field.name, field.type, (one as Record<string, unknown>)[field.name], into, depth - 1);
      }
    }
  }
}

/** As it fits a column: no control characters, no half of a surrogate pair. */
function kept(id: string): string {
  return id.slice(0, subjectLength).replace(/[\p{Cc}\p{Cs}]/gu, ' ');
}
