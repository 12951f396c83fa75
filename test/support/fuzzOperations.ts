import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** Something to send: its document and variables. */
export interface FuzzOperation {
  /** `Query.incident(id)`: which field, and where the id went. */
  readonly name: string;
  readonly document: string;
  /** The same operation about another id. */
  readonly variables: (id: string) => Record<string, unknown>;
}

/** What is written where a text is asked for: it must find nothing, and must not come back. */
export type TextOf = (fieldName: string) => string;

/**
 * Everything of a type, `depth` objects deep: every leaf, every object that needs no argument. Members of interfaces
 * and unions are asked one by one, under names of their own, because equal names may differ in type.
 */
function everythingOf(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type)) return '';
  const parts = ['__typename'];
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  for (const field of fields) {
    const selection = selectionOf(schema, field, depth);
    if (selection !== null) parts.push(`${field.name}${selection}`);
  }
  if (isAbstractType(type)) {
    for (const member of schema.getPossibleTypes(type)) {
      const own = Object.values(member.getFields()).filter(
        (field) => !fields.some(({ name }) => name === field.name),
      );
      const selections = own.flatMap((field) => {
        const selection = selectionOf(schema, field, depth);
        return selection === null ? [] : [`${member.name}_${field.name}: ${field.name}${selection}`];
      });
      if (selections.length > 0) parts.push(`... on ${member.name} { ${selections.join(' ')} }`);
    }
  }
  return ` { ${parts.join(' ')} }`;
}

function selectionOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  depth: number,
): string | null {
  if (field.args.some(isRequiredArgument)) return null;
  const type = getNamedType(field.type);
  if (isLeafType(type)) return '';
  // Edges and nodes say the same; what a connection lists is as deep as the connection.
  if (field.name === 'nodes') return null;
  const left = field.name === 'edges' || field.name === 'node' ? depth : depth - 1;
  return left < 0 ? null : everythingOf(schema, type, left);
}

type Slot = GraphQLArgument | GraphQLInputField;

/** Where in a value of this type an id can stand, or a text to look for. */
function paths(slot: Slot, leaves: readonly string[], path: readonly string[] = []): (readonly string[])[] {
  const named = getNamedType(slot.type);
  // Cursors are tried by themselves.
  if (['after', 'before'].includes(slot.name)) return [];
  if (leaves.includes(named.name)) return [path];
  if (!isInputObjectType(named) || path.length > 3) return [];
  return Object.values(named.getFields()).flatMap((field) => paths(field, leaves, [...path, field.name]));
}

interface Values {
  /** The id that is tried. */
  readonly id: string;
  /** An id of ours, where another is needed beside it. */
  readonly ownId: string;
  readonly text: TextOf;
}

/** A value for the slot: what is required, and what is tried at the end of `path` (null: not inside this one). */
function valueFor(slot: Slot, path: readonly string[] | null, values: Values): unknown {
  const wrap = (value: unknown): unknown => (isListType(getNullableType(slot.type)) ? [value] : value);
  const type = getNamedType(slot.type);
  if (type.name === 'ID') return wrap(path === null ? values.ownId : values.id);
  if (isEnumType(type)) return wrap(type.getValues()[0]?.name);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const wanted = fields.filter((field) => field.name === path?.[0] || isRequiredInputField(field));
    const entries = wanted.map((field) => {
      const rest = path !== null && field.name === path[0] ? path.slice(1) : null;
      return [field.name, valueFor(field, rest, values)];
    });
    return wrap(Object.fromEntries(entries));
  }
  return wrap(scalarOf(type.name, slot.name, values.text));
}

function scalarOf(type: string, name: string, text: TextOf): unknown {
  if (type === 'Int' || type === 'SafeInt') return 1;
  if (type === 'Float') return 0.5;
  if (type === 'Boolean') return true;
  if (type === 'DateTime') return '2026-03-01T00:00:00.000Z';
  if (type === 'URL') return 'https://example.org/';
  if (type === 'JSON') return {};
  return text(name);
}

const declaration = (args: readonly GraphQLArgument[]): string =>
  args.length === 0 ? '' : `(${args.map(({ name, type }) => `$${name}: ${type}`).join(', ')})`;

const call = (field: string, args: readonly GraphQLArgument[]): string =>
  args.length === 0 ? field : `${field}(${args.map(({ name }) => `${name}: $${name}`).join(', ')})`;

/** Every way to put an id, or a text to look for, into a root field; and the field without any. */
export function operationsOf(
  schema: GraphQLSchema,
  kind: 'query' | 'mutation' | 'subscription',
  options: { readonly text: TextOf; readonly ownId: string; readonly depth: number },
): FuzzOperation[] {
  const { text, ownId, depth } = options;
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  const leaves = kind === 'mutation' ? ['ID'] : ['ID', 'String'];
  return Object.values(root[kind]?.getFields() ?? {}).flatMap((field) => {
    const type = getNamedType(field.type);
    // An answer of any type is asked as every type at once, so one level less.
    const left = isAbstractType(type) && kind !== 'mutation' ? depth - 1 : depth;
    const selection = everythingOf(schema, type, left);
    const ways = field.args.flatMap((arg) => paths(arg, leaves).map((path) => ({ arg, path })));
    return [null, ...ways].map((way): FuzzOperation => {
      const used = field.args.filter((arg) => arg === way?.arg || isNonNullType(arg.type));
      return {
        name: `${field.name}(${way === null ? '' : [way.arg.name, ...way.path].join('.')})`,
        document: `${kind}${declaration(used)} { ${call(field.name, used)}${selection} }`,
        variables: (id) =>
          Object.fromEntries(
            used.map((arg) => [
              arg.name,
              valueFor(arg, arg === way?.arg ? way.path : null, { id, ownId, text }),
            ]),
          ),
      };
    });
  });
}

/**
 * Every list that is read on from a cursor, forwards and backwards: among the root fields, and those of our own incident
 * `ownId`. What stands for the id of an operation is the cursor.
 */
export function pagesOf(
  schema: GraphQLSchema,
  options: { readonly text: TextOf; readonly ownId: string; readonly depth: number },
): FuzzOperation[] {
  const { text, ownId, depth } = options;
  const pages = (owner: string, wrap: (list: string) => string): FuzzOperation[] =>
    Object.values((schema.getType(owner) as GraphQLObjectType).getFields()).flatMap((field) =>
      field.args
        .filter(({ name, type }) => ['after', 'before'].includes(name) && String(type) === 'String')
        .map((cursor) => {
          const used = field.args.filter((arg) => arg === cursor || isRequiredArgument(arg));
          const selection = everythingOf(schema, getNamedType(field.type), depth);
          return {
            name: `${owner}.${field.name}(${cursor.name})`,
            document: `query${declaration(used)} { ${wrap(call(field.name, used) + selection)} }`,
            variables: (id) =>
              Object.fromEntries(
                used.map((arg) => [
                  arg.name,
                  arg === cursor ? id : valueFor(arg, null, { id: ownId, ownId, text }),
                ]),
              ),
          };
        }),
    );
  return [
    ...pages('Query', (list) => list),
    ...pages('Incident', (list) => `incident(id: ${JSON.stringify(ownId)}) { ${list} }`),
  ];
}
