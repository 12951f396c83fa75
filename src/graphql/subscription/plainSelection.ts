import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { IncidentEntry } from '../../domain/ledger/ledger.ts';
import type { FeedEntry } from '../../feed/entry.ts';
import { typeNameOf } from '../event/eventSource.ts';
import { plainRootField } from './groupKey.ts';

/** Writes the result of an event as JSON text; null when it has to be executed after all. */
export type WritePlain = (value: FeedEntry) => string | null;

type Column = (entry: IncidentEntry) => string;

const quoted =
  (text: (entry: IncidentEntry) => string): Column =>
  (entry) =>
    `"${text(entry)}"`;

/** Fields that are columns of an entry, never null, each as its resolver and scalar make it, in JSON. */
const columns: Readonly<Record<string, Column>> = {
  __typename: quoted(({ type }) => typeNameOf(type)),
  sequence: ({ sequence }) => String(sequence),
  version: ({ version }) => String(version),
  type: quoted(({ type }) => type),
  at: quoted(({ at }) => at),
  isPublic: ({ isPublic }) => String(isPublic),
  previousHash: quoted(({ previousHash }) => previousHash),
  hash: quoted(({ hash }) => hash),
  body: ({ body }) => JSON.stringify(body),
};

/** What every event is, so that a fragment on it applies to all. */
const everyEvent = new Set(['IncidentEvent', 'LedgerEvent']);

/**
 * How to write the events of `incidentEvents` without executing anything, when their selection names nothing but
 * columns, as that of whoever copies or verifies the ledger does: byte for byte what executing it gives. Null for every
 * other selection.
 */
export function plainSelection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): WritePlain | null {
  const root = plainRootField(operation);
  if (root?.name.value !== 'incidentEvents' || root.selectionSet === undefined) return null;
  const fields = new Map<string, string>();
  if (!gather(fields, root.selectionSet, document)) return null;
  const parts = [...fields].map(([key, name]) => [`"${key}":`, columns[name] as Column] as const);
  const head = `{"data":{"${root.alias?.value ?? root.name.value}":{`;
  return ({ entry }) => {
    // An event of a type this program does not know is no answer of a known type.
    if (entry.ledger !== 'INCIDENTS' || !isObjectType(schema.getType(typeNameOf(entry.type)))) return null;
    let text = head;
    let separator = '';
    for (const [key, column] of parts) {
      text += separator + key + column(entry);
      separator = ',';
    }
    return `${text}}}}`;
  };
}

/** Response key → column, in order; false when something else is selected. */
function gather(
  fields: Map<string, string>,
  { selections }: SelectionSetNode,
  document: DocumentNode,
): boolean {
  return selections.every((selection) => {
    if ((selection.directives?.length ?? 0) > 0) return false;
    if (selection.kind === Kind.FIELD) return note(fields, selection);
    const fragment = fragmentOf(selection, document);
    return fragment !== null && gather(fields, fragment, document);
  });
}

function note(fields: Map<string, string>, field: FieldNode): boolean {
  const name = field.name.value;
  if (!Object.hasOwn(columns, name)) return false;
  const key = field.alias?.value ?? name;
  if (!fields.has(key)) fields.set(key, name);
  return true;
}

/** The selections of a fragment that applies to every event. */
function fragmentOf(
  selection: Exclude<SelectionNode, FieldNode>,
  { definitions }: DocumentNode,
): SelectionSetNode | null {
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    const on = selection.typeCondition?.name.value;
    return on === undefined || everyEvent.has(on) ? selection.selectionSet : null;
  }
  const named = definitions.find(
    (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
  );
  if (named?.kind !== Kind.FRAGMENT_DEFINITION || (named.directives?.length ?? 0) > 0) return null;
  return everyEvent.has(named.typeCondition.name.value) ? named.selectionSet : null;
}
