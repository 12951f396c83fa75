import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Entries of a page when `first` and `last` are absent. */
const defaultPage = 25;

/** The largest page; what an argument given by a variable is counted as. */
const largestPage = 100;

/** The most keys that things are asked for by; what a list of them given by a variable is counted as. */
const mostKeys = 500;

/** What a list that is no page is counted as: most hold a few entries, none more than {@link longestList}. */
const plainList = 4;

/** What a list of incidents is counted as that is no page: each has such a list itself, so that they multiply. */
const longestList = 50;

interface Counting {
  readonly schema: GraphQLSchema;
  readonly fragment: (name: string) => FragmentDefinitionNode | null | undefined;
  /** Cost of a fragment already counted; one being counted is in it with 0, which ends a cycle. */
  readonly fragments: Map<string, number>;
}

/** How many entries the value of a page argument asks for, capped at what a page may hold. */
function entriesAsked(field: FieldNode, name: string, most = largestPage): number | null {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value === undefined || value.kind === Kind.NULL) return null;
  if (value.kind === Kind.INT) return Math.min(Math.max(Number(value.value), 1), largestPage);
  if (value.kind === Kind.LIST) return Math.min(Math.max(value.values.length, 1), most);
  return most;
}

/** How many objects a field stands for: its page, its list, or one. */
function multiplier(field: FieldNode, type: GraphQLOutputType): number {
  if (getNamedType(type).name.endsWith('Connection')) {
    return entriesAsked(field, 'first') ?? entriesAsked(field, 'last') ?? defaultPage;
  }
  if (!isListType(getNullableType(type))) return 1;
  const unasked = getNamedType(type).name === 'Incident' ? longestList : plainList;
  return entriesAsked(field, 'ids') ?? entriesAsked(field, 'keys', mostKeys) ?? unasked;
}

function costOfField(counting: Counting, parent: GraphQLNamedType, field: FieldNode): number {
  // Introspection is answered from memory and has its own rule of depth.
  if (field.name.value.startsWith('__')) return 1;
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  // An unknown field is refused by validation; here it is a scalar.
  if (definition === undefined || field.selectionSet === undefined) return 1;
  // A connection's page is counted where its arguments are, so its edges and nodes are not a list again.
  const page = parent.name.endsWith('Connection') ? 1 : multiplier(field, definition.type);
  return 1 + page * costOfSelections(counting, getNamedType(definition.type), field.selectionSet);
}

function costOfFragment(counting: Counting, name: string): number {
  const known = counting.fragments.get(name);
  if (known !== undefined) return known;
  counting.fragments.set(name, 0);
  const fragment = counting.fragment(name);
  const type = fragment && counting.schema.getType(fragment.typeCondition.name.value);
  const cost = fragment && type ? costOfSelections(counting, type, fragment.selectionSet) : 0;
  counting.fragments.set(name, cost);
  return cost;
}

function costOfSelections(counting: Counting, parent: GraphQLNamedType, set: SelectionSetNode): number {
  let cost = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) cost += costOfField(counting, parent, selection);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += costOfFragment(counting, selection.name.value);
    else {
      const named = selection.typeCondition?.name.value;
      const type = named === undefined ? parent : counting.schema.getType(named);
      cost += costOfSelections(counting, type ?? parent, selection.selectionSet);
    }
  }
  return cost;
}

/**
 * The most values the operation's answer can hold: each field one, times the page or list it stands in. A page size
 * given by a variable counts as a full page (100), an absent one as the default (25). Known before anything runs.
 */
export function operationCost(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragment: (name: string) => FragmentDefinitionNode | null | undefined,
): number {
  const root = schema.getRootType(operation.operation);
  if (root === undefined || root === null) return 0;
  return costOfSelections({ schema, fragment, fragments: new Map() }, root, operation.selectionSet);
}
