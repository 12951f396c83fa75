import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ApiKeyScope,
  apiKeyScopes,
  type MemberRole,
  memberRoles,
  personScopes,
} from '../../src/domain/access/actor.ts';
import { eventsSeenBy } from '../../src/domain/access/eventPermissions.ts';
import { type OperationName, permissions } from '../../src/domain/access/permissions.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { type FuzzOperation, operationsOf } from '../support/fuzzOperations.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

// Every root field of the schema, sent as everybody there is, against the table of permissions.

let api: TestApi;
let here: TestOrganization;
beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
});
afterAll(() => api?.close());

const absent = toGlobalId('Incident', '01900000-0000-7000-8000-000000000000');
const texts = { text: (name: string) => `no-${name}`.toLowerCase(), ownId: absent, depth: 1 };
const schema = buildSchema();
const kinds = ['query', 'mutation', 'subscription'] as const;
/** Of each field the operation without anything that it does not need. */
const fields = kinds.flatMap((kind) =>
  operationsOf(schema, kind, texts)
    .filter(({ name }) => name.endsWith('()'))
    .map((operation) => ({ kind, field: operation.name.slice(0, -2) as OperationName, operation }))
    .flatMap((one) => (one.field === 'ledgerHead' ? bothLedgers(one) : [one])),
);

/** The one field whose permission depends on an argument. */
function bothLedgers<F extends { readonly operation: FuzzOperation }>(one: F) {
  const of = (ledger: string, field: OperationName) => ({
    ...one,
    field,
    operation: { ...one.operation, variables: () => ({ ledger }) },
  });
  return [of('INCIDENTS', 'ledgerHead'), of('ADMINISTRATION', 'administrationLedgerHead')];
}

/** Who asks, with what the table needs to know of them. */
interface Asker {
  readonly name: string;
  readonly principal: () => Principal;
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly isPerson: boolean;
  readonly isSuperadmin: boolean;
}

const people = memberRoles.map(
  (role): Asker => ({
    name: role,
    principal: () => here.user(role),
    role,
    scopes: personScopes,
    isPerson: true,
    isSuperadmin: false,
  }),
);
const superadmin: Asker = {
  name: 'SUPERADMIN',
  principal: () => ({ ...here.user('ORG_ADMIN'), superadmin: true, platformRole: 'SUPERADMIN' }),
  role: 'ORG_ADMIN',
  scopes: personScopes,
  isPerson: true,
  isSuperadmin: true,
};
const keys = apiKeyScopes.map(
  (scope): Asker => ({
    name: `a key of scope ${scope}`,
    principal: () => here.key('ORG_ADMIN', [scope]),
    role: 'ORG_ADMIN',
    scopes: [scope],
    isPerson: false,
    isSuperadmin: false,
  }),
);
const lowKey: Asker = {
  name: 'a key of role VIEWER and every scope of people',
  principal: () => here.key('VIEWER', personScopes),
  role: 'VIEWER',
  scopes: personScopes,
  isPerson: false,
  isSuperadmin: false,
};

/** The table read by hand, not by the code that is tested. */
function mayAsk(field: OperationName, asker: Asker): boolean {
  const { role, scopes } = permissions[field];
  if (role === 'PERSON') return asker.isPerson;
  if (!scopes.some((scope) => asker.scopes.includes(scope))) return false;
  if (role === 'SUPERADMIN') return asker.isSuperadmin;
  return role !== null && memberRoles.indexOf(asker.role) <= memberRoles.indexOf(role);
}

/** Whether the answer is that they may not. */
async function isRefused(
  kind: (typeof kinds)[number],
  { document, variables }: FuzzOperation,
  principal: Principal,
): Promise<boolean> {
  const values = variables(absent);
  if (kind !== 'subscription') {
    const { data, errors } = await api.run<Record<string, { __typename?: string } | null> | null>(
      principal,
      document,
      values,
    );
    const [answer] = Object.values(data ?? {});
    return errors.some(({ code }) => code === 'FORBIDDEN') || answer?.__typename === 'ForbiddenError';
  }
  const ending = new AbortController();
  const begun = await api.subscribe(principal, document, values, ending.signal);
  ending.abort();
  if (Symbol.asyncIterator in begun) {
    await begun.return?.();
    return false;
  }
  return (begun.errors ?? []).some(({ extensions }) => extensions.code === 'FORBIDDEN');
}

describe('every root field, as everybody there is', () => {
  test('is here', () => {
    const all = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const names = all.flatMap((root) => Object.keys(root?.getFields() ?? {}));
    expect(fields.map(({ field }) => field).sort()).toEqual([...names, 'administrationLedgerHead'].sort());
  });

  test.each(fields)('$kind $field', async ({ kind, field, operation }) => {
    const found: Record<string, boolean> = {};
    const wanted: Record<string, boolean> = {};
    for (const asker of [...people, superadmin, ...keys, lowKey]) {
      found[asker.name] = !(await isRefused(kind, operation, asker.principal()));
      wanted[asker.name] = mayAsk(field, asker);
    }
    expect(found).toEqual(wanted);
  });
});

describe('every type of event', () => {
  const types = schema.getType('LedgerEventType');
  const values = types && 'getValues' in types ? types.getValues().map(({ name }) => name) : [];
  // What a newer program wrote is of a type that this one has no row for.
  const names = values.filter((name) => name !== 'UNKNOWN');

  test('has a row of who may see it: members those of incidents, administrators those of administration', () => {
    expect(Object.keys(eventsSeenBy).sort()).toEqual([...names].sort());
    for (const [type, seenBy] of Object.entries(eventsSeenBy)) {
      const role = type.startsWith('INCIDENT_') ? 'VIEWER' : 'ORG_ADMIN';
      expect([type, permissions[seenBy].role]).toEqual([type, role]);
    }
  });

  test('of administration is nowhere among those of incidents, whoever asks for it by name', async () => {
    const administration = names.filter((name) => !name.startsWith('INCIDENT_'));
    const document =
      'query($types: [LedgerEventType!]) { incidentEvents(filter: { types: $types }) { nodes { id } } }';
    const { data } = await api.run(here.user('VIEWER'), document, { types: administration });
    expect(data).toEqual({ incidentEvents: { nodes: [] } });
    const written = 'query { administrationEvents { nodes { type } } }';
    const read = await api.run<{ administrationEvents: { nodes: object[] } }>(
      here.user('ORG_ADMIN'),
      written,
    );
    expect(read.data.administrationEvents.nodes.length).toBeGreaterThan(0);
  });
});
