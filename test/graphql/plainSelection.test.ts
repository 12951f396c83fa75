import { type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { IncidentEntry, LedgerEventType } from '../../src/domain/ledger/ledger.ts';
import type { FeedEntry } from '../../src/feed/entry.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { pageExecutor } from '../../src/graphql/subscription/pageExecutor.ts';
import { plainSelection } from '../../src/graphql/subscription/plainSelection.ts';
import { seeded } from '../support/random.ts';

const schema: GraphQLSchema = buildSchema();
const types: readonly LedgerEventType[] = [
  'INCIDENT_CREATED',
  'INCIDENT_NOTE_ADDED',
  'INCIDENT_SLA_BREACHED',
];

function entryOf(
  sequence: number,
  type: LedgerEventType = types[sequence % 3] ?? 'INCIDENT_CREATED',
): FeedEntry {
  const entry = {
    organizationId: 'o',
    ledger: 'INCIDENTS',
    sequence,
    number: 1,
    incidentId: 'i',
    version: sequence,
    type,
    commandId: 'c',
    at: '2026-11-20T19:00:00.120Z',
    isPublic: sequence % 2 === 0,
    severity: null,
    previousHash: 'ab'.repeat(32),
    hash: 'cd'.repeat(32),
    body: JSON.stringify({ text: `„${sequence}“ \\ "q" \n\t\u2028 💥` }),
    event: null,
  } as unknown as IncidentEntry;
  return { entry, after: null };
}

const events = Array.from({ length: 9 }, (_, n) => entryOf(n + 1));

/** The document's results, written and executed. */
async function both(text: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, null);
  if (!operation) throw new Error('There is no operation.');
  const executed = await pageExecutor({ schema, document, operation, variableValues: {} })(events, {});
  const write = plainSelection(schema, document, operation);
  return { executed: executed.map((result) => JSON.stringify(result)), write };
}

describe('a selection of nothing but columns', () => {
  it('is written byte for byte as executing it gives, whatever the columns, aliases and fragments', async () => {
    const names = [
      '__typename',
      'sequence',
      'version',
      'type',
      'at',
      'isPublic',
      'previousHash',
      'hash',
      'body',
    ];
    const random = seeded(3);
    for (let round = 0; round < 60; round += 1) {
      const field = () => {
        const name = random.pick(names);
        return random.chance(0.3) ? `${name}_${random.below(3)}: ${name}` : name;
      };
      const fields = () => Array.from({ length: 1 + random.below(5) }, field).join(' ');
      const within = random.pick([
        fields(),
        `${fields()} ... { ${fields()} }`,
        `... on IncidentEvent { ${fields()} } ${fields()}`,
        `${fields()} ...F`,
      ]);
      const fragment = within.includes('...F')
        ? ` fragment F on LedgerEvent { ${fields().replaceAll(/version\w*(: version)?|isPublic\w*(: isPublic)?/g, 'hash')} }`
        : '';
      const alias = random.chance(0.5) ? 'it: ' : '';
      const { executed, write } = await both(
        `subscription { ${alias}incidentEvents { ${within} } }${fragment}`,
      );
      expect(events.map((event) => write?.(event))).toEqual(executed);
    }
  });

  it.each([
    'subscription { incidentEvents { sequence message } }',
    'subscription { incidentEvents { sequence ... on IncidentCreated { title } } }',
    'subscription { incidentEvents { sequence @include(if: true) } }',
    'subscription { incidentEvents { ... @skip(if: false) { sequence } } }',
    'subscription { incidentEvents { ...F } } fragment F on IncidentNoteAdded { sequence }',
    'subscription { incidentEvents { id } }',
    'subscription { incidentEscalated { sequence } }',
  ])('is not one with anything else: %s', async (text) => {
    expect((await both(text)).write).toBeNull();
  });

  it('is executed for an event of a type that is not known', async () => {
    const { write } = await both('subscription { incidentEvents { sequence } }');
    expect(write?.(entryOf(1, 'INCIDENT_TELEPORTED' as LedgerEventType))).toBeNull();
  });
});
