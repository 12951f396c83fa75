import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import type { OperationKind } from '../domain/access/accessEntry.ts';
import { loggedAs, typesShownBy } from '../domain/access/loggedOperations.ts';
import { type OperationName, permissions } from '../domain/access/permissions.ts';
import { rootOperations } from './rootOperations.ts';

/** One thing an operation asks for. */
export interface Asked {
  /** By the name it has in the table of permissions, or a meta field's own. */
  readonly field: string;
  /** Null for a meta field, which anybody may ask for. */
  readonly operation: OperationName | null;
  /** The ids it was asked for by, as the client named them. */
  readonly subjects: readonly string[];
}

/** A root field, and everything on the way to it that may say @skip or @include. */
interface Root {
  readonly node: FieldNode;
  readonly conditions: readonly SelectionNode[];
  /** What types below it show, whether or not it is skipped: saying a little too much is safe. */
  readonly below: ReadonlySet<OperationName>;
}

/** What an operation asks for, as far as its document alone says it. */
export interface Asking {
  readonly kind: OperationKind;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly roots: readonly Root[];
  /** Every operation it may turn out to ask for, whatever its variables say. */
  readonly mayAsk: ReadonlySet<OperationName>;
}

const known = new WeakMap<DocumentNode, Map<string, Asking | null>>();

/** What the document's operation may ask for; null when there is no such operation. Remembered with the document. */
export function askingOf({ schema, document, operationName }: ExecutionArgs): Asking | null {
  const name = operationName ?? '';
  const before = known.get(document)?.get(name);
  if (before !== undefined) return before;
  const operation = getOperationAST(document, operationName);
  const asking = operation ? readAsking(schema, document, operation) : null;
  const operations = known.get(document) ?? new Map<string, Asking | null>();
  known.set(document, operations.set(name, asking));
  return asking;
}

/**
 * What an operation asks for with these variables, each thing once; nothing when the variables do not fit, as nothing
 * will be carried out then.
 */
export function askedFor(
  asking: Asking,
  given: ExecutionArgs['variableValues'],
  asker: Parameters<typeof rootOperations>[4],
): readonly Asked[] {
  const { schema, operation } = asking;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {});
  if (coerced === undefined) return [];
  const asked = new Map<string, { operation: OperationName | null; subjects: Set<string> }>();
  const ask = (field: string, name: OperationName | null, subjects: readonly string[]): void => {
    const one = asked.get(field) ?? { operation: name, subjects: new Set<string>() };
    asked.set(field, one);
    for (const subject of subjects) one.subjects.add(subject);
  };
  const rootType = schema.getRootType(operation.operation);
  for (const { node, conditions, below } of asking.roots) {
    if (rootType == null || conditions.some((selection) => isLeftOut(selection, coerced))) continue;
    const own = rootOperations(schema, rootType, node, coerced, asker);
    for (const { field, operation: name, subjects } of own) ask(field, name, subjects);
    const kept = new Set(own.map((one) => one.operation && loggedAs[one.operation]));
    for (const name of below) if (!kept.has(loggedAs[name])) ask(name, name, []);
  }
  return [...asked].map(([field, { operation: name, subjects }]) => ({
    field,
    operation: name,
    subjects: [...subjects],
  }));
}

function isLeftOut(selection: SelectionNode, variables: Record<string, unknown>): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.if === true || include?.if === false;
}

function readAsking(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Asking {
  const walk = new Walk(schema, document);
  const rootType = schema.getRootType(operation.operation);
  const roots = walk.roots(operation.selectionSet, []).map(({ node, conditions }): Root => {
    const below = new Set<OperationName>();
    const field = isObjectType(rootType) ? rootType.getFields()[node.name.value] : undefined;
    if (field && node.selectionSet) walk.below(node.selectionSet, getNamedType(field.type), below, new Set());
    return { node, conditions, below };
  });
  const mayAsk = new Set<OperationName>();
  for (const { node, below } of roots) {
    const name = node.name.value;
    if (Object.hasOwn(permissions, name)) mayAsk.add(name as OperationName);
    for (const one of below) mayAsk.add(one);
  }
  const kind = operation.operation.toUpperCase() as OperationKind;
  return { kind, schema, operation, roots, mayAsk };
}

/** Walks selections through fragments. The document is valid: no fragment contains itself. */
class Walk {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, { readonly on: string; readonly set: SelectionSetNode }>();

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const { typeCondition, selectionSet } = definition;
      this.#fragments.set(definition.name.value, { on: typeCondition.name.value, set: selectionSet });
    }
  }

  /** The root fields, with what on the way may leave each out. */
  roots(set: SelectionSetNode, conditions: readonly SelectionNode[]): Pick<Root, 'node' | 'conditions'>[] {
    return set.selections.flatMap((selection) => {
      const all = (selection.directives?.length ?? 0) > 0 ? [...conditions, selection] : conditions;
      if (selection.kind === Kind.FIELD) return [{ node: selection, conditions: all }];
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.roots(selection.selectionSet, all);
      const fragment = this.#fragments.get(selection.name.value);
      return fragment ? this.roots(fragment.set, all) : [];
    });
  }

  /** Adds what the types of the fields below show. */
  below(set: SelectionSetNode, parent: GraphQLNamedType, shown: Set<OperationName>, seen: Set<string>): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
        const type = fields[selection.name.value]?.type;
        if (type === undefined || selection.selectionSet === undefined) continue;
        const named = getNamedType(type);
        const name = typesShownBy[named.name];
        if (name !== undefined) shown.add(name);
        this.below(selection.selectionSet, named, shown, seen);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value;
        const type = on === undefined ? parent : this.#schema.getType(on);
        this.below(selection.selectionSet, type ?? parent, shown, seen);
      } else {
        const fragment = this.#fragments.get(selection.name.value);
        // Once is enough: a fragment shows the same wherever it stands.
        if (fragment === undefined || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        this.below(fragment.set, this.#schema.getType(fragment.on) ?? parent, shown, seen);
      }
    }
  }
}
