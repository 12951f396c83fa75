/** An operation that must not run, and the code it is refused with. */
export interface HostileOperation {
  readonly name: string;
  readonly query: string;
  readonly code: 'OPERATION_REFUSED' | 'BAD_USER_INPUT';
  /** Which of several operations is to run. */
  readonly operationName?: string;
}

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const nested = (count: number, open: string, close: string, inner: string): string =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`;

const related = (depth: number, page: string): string =>
  nested(depth, `related${page} { edges { node { `, '} } } ', 'id ');

const refused = (name: string, query: string): HostileOperation => ({
  name,
  query,
  code: 'OPERATION_REFUSED',
});
const malformed = (name: string, query: string): HostileOperation => ({
  name,
  query,
  code: 'BAD_USER_INPUT',
});

const incident = (selection: string): string => `{ incident(reference: "INC-001") { ${selection} } }`;

/** Forty operations of the kinds attack tools send, on the fields every Warroom has. */
export const hostileOperations: readonly HostileOperation[] = [
  // Aliases, also of __typename and through fragments.
  refused('100 aliases of __typename', `{ ${repeat(100, (i) => `a${i}: __typename`)} }`),
  refused('16 aliases of a query', `{ ${repeat(16, (i) => `a${i}: viewer { __typename }`)} }`),
  refused('aliases in a nested field', incident(repeat(20, (i) => `t${i}: title`))),
  refused(
    'aliases spread over fragments',
    `{ ...A ...B } fragment A on Query { ${repeat(10, (i) => `a${i}: __typename`)} } fragment B on Query { ${repeat(10, (i) => `b${i}: __typename`)} }`,
  ),
  refused('aliases of a mutation field', `mutation { ${repeat(16, (i) => `m${i}: __typename`)} }`),
  refused(
    'aliases under a subscription',
    `subscription { incidentChanged(id: "x") { ${repeat(16, (i) => `t${i}: title`)} } }`,
  ),
  refused('aliases in an inline fragment', `{ ... on Query { ${repeat(30, (i) => `a${i}: __typename`)} } }`),
  {
    ...refused(
      'the second of two operations',
      `query A { __typename } query B { ${repeat(50, (i) => `a${i}: __typename`)} }`,
    ),
    operationName: 'A',
  },
  // Directives.
  refused('10 directives on one field', `{ __typename ${repeat(10, () => '@include(if: true)')} }`),
  refused('9 directives over fields', `{ viewer { ${repeat(9, () => '__typename @skip(if: false)')} } }`),
  refused(
    'directives on fragments',
    `{ ${repeat(9, () => '... on Query @include(if: true) { __typename }')} }`,
  ),
  refused('unknown directives', `{ __typename ${repeat(50, (i) => `@a${i}`)} }`),
  // Depth.
  refused('depth by related', incident(related(5, '(first: 1)'))),
  refused('depth by related, a page each', incident(related(8, ''))),
  refused(
    'depth through inline fragments',
    incident(nested(6, '... on Incident { related(first: 1) { edges { node { ', '} } } } ', 'id ')),
  ),
  refused(
    'depth through fragments',
    `{ incident(reference: "INC-001") { ...A } } fragment A on Incident { related(first: 1) { edges { node { ...B } } } } fragment B on Incident { related(first: 1) { edges { node { ...C } } } } fragment C on Incident { related(first: 1) { edges { node { ...D } } } } fragment D on Incident { related(first: 1) { edges { node { id } } } }`,
  ),
  refused(
    'depth in a subscription',
    `subscription { incidentChanged(id: "x") { ${related(5, '(first: 1)')} } }`,
  ),
  // Cost: wide pages inside wide pages.
  refused(
    'pages in pages',
    `{ incidents(first: 100) { edges { node { ${related(1, '(first: 100)')} timeline(first: 100) { edges { node { id at message } } } } } } }`,
  ),
  refused(
    'pages of default size in pages',
    `{ incidents { edges { node { ${related(2, '')} } } } }`.replace('related {', 'related(first: 100) {'),
  ),
  refused(
    'pages whose size is a variable',
    'query($n: Int) { incidents(first: $n) { edges { node { related(first: $n) { edges { node { title reference status number severity } } } } } } }',
  ),
  refused(
    'pages by last',
    '{ incidents(last: 100) { edges { node { related(last: 100) { edges { node { title reference status number severity } } } } } } }',
  ),
  refused(
    'pages through a fragment',
    '{ incidents(first: 100) { edges { node { ...R } } } } fragment R on Incident { related(first: 100) { edges { node { title reference status number severity } } } }',
  ),
  refused(
    'pages through nodes',
    '{ incidents(first: 100) { nodes { related(first: 100) { nodes { title reference status number severity } } } } }',
  ),
  refused(
    'nodes with pages',
    'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Incident { related(first: 100) { edges { node { title reference status number severity } } } } } }',
  ),
  // Repetition.
  refused('500 times __typename', `{ ${repeat(500, () => '__typename')} }`),
  refused('one field 11 times', `{ ${repeat(11, () => 'viewer { __typename }')} }`),
  refused('one fragment 11 times', `{ ${repeat(11, () => '...F')} } fragment F on Query { __typename }`),
  // Length.
  refused('2,001 tokens', `{ ${repeat(2_001, () => '__typename')} }`),
  refused('a long document', `{ __typename # ${'x'.repeat(40_000)}\n}`),
  refused('2,000 braces', `${'{a'.repeat(1_500)}${'}'.repeat(1_500)}`),
  refused('a list of 3,000 values', `{ nodes(ids: [${repeat(3_000, () => '"x"')}]) { id } }`),
  // Not well formed.
  malformed(
    'introspection in circles',
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
  ),
  malformed('a cycle of fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
  malformed('a fragment of itself', '{ ...A } fragment A on Query { ...A }'),
  malformed('an unknown field', '{ viewerr { __typename } }'),
  malformed('an unknown argument', '{ incident(idd: "x") { id } }'),
  malformed('a syntax error', '{ incident('),
  malformed('an empty document', '   '),
  malformed('only a fragment cut short', 'fragment F on'),
  malformed('a scalar with a selection', '{ incident(reference: "INC-001") { title { x } } }'),
];
