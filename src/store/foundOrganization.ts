import { type Actor, systemActor } from '../domain/access/actor.ts';
import type { AdministrationCommand } from '../domain/administration/commands.ts';
import { decideAdministration } from '../domain/administration/decide.ts';
import type { AdministrationEvent } from '../domain/administration/events.ts';
import { noFacts } from '../domain/administration/facts.ts';
import type { Instant } from '../domain/instant.ts';
import { defaultPolicy } from '../domain/policy/defaults.ts';
import { apiKeyRow } from './apiKeyRow.ts';
import { changeEventOf } from './changeEvent.ts';
import type { Database } from './database.ts';
import { encodeChanges } from './encodeChanges.ts';
import type { Change } from './port.ts';
import { mergeRows, rowsOf } from './projection.ts';

/** A new organization as data: ids and the instant are the caller's. */
export interface Founding {
  readonly organizationId: string;
  /** Lower-case letters, digits and hyphens, at most 63 characters. */
  readonly slug: string;
  readonly name: string;
  readonly at: Instant;
  readonly commandId: string;
  /** Who founds it; Warroom itself when absent. */
  readonly actor?: Actor;
  /**
   * Becomes ORG_ADMIN; made unless a user of this id, or of this address, exists. Without name and email they exist already. Null: the
   * platform's own organization, which has no members.
   */
  readonly administrator: {
    readonly userId: string;
    readonly name?: string;
    readonly email?: string;
  } | null;
  /** The first API key (ORG_ADMIN with READ, RESPOND and ADMIN), already hashed (SHA-256, hexadecimal); null: none. */
  readonly key: {
    readonly apiKeyId: string;
    readonly name: string;
    readonly prefix: string;
    readonly hash: string;
  } | null;
  /** The founder's idempotency key, kept in the new organization. */
  readonly request?: Change['request'];
}

/** An organization that was founded. */
export interface Founded {
  /** Who became its administrator: whoever has the address already, if somebody does. Null: the platform has none. */
  readonly administratorId: string | null;
}

/**
 * Founds an organization: its ledgers, the default policy, its administrator, and the first entries of its
 * administration ledger, all in one statement. Null, with nothing written, when the slug is taken: several instances
 * may start on an empty database together.
 * @throws Error when the founding itself is not acceptable, or an API key of this hash exists.
 */
export async function foundOrganization(
  database: Pick<Database, 'asPlatform'>,
  founding: Founding,
): Promise<Founded | null> {
  const { founded, person } = await found(database, founding);
  if (founded) return { administratorId: founding.administrator?.userId ?? null };
  if (person === undefined) return null;
  const administrator = { userId: person };
  return (await found(database, { ...founding, administrator })).founded ? { administratorId: person } : null;
}

async function found(
  database: Pick<Database, 'asPlatform'>,
  founding: Founding,
): Promise<{ readonly founded: boolean; readonly person?: string }> {
  const { organizationId, slug, name, at, administrator } = founding;
  const [row] = await database.asPlatform<{
    outcome: { readonly founded: boolean; readonly person?: string };
  }>('SELECT warroom.create_organization($1, $2, $3, $4, $5, $6, $7) AS outcome', [
    organizationId,
    slug,
    name,
    at,
    JSON.stringify(defaultPolicy),
    JSON.stringify({ id: administrator?.userId, name: administrator?.name, email: administrator?.email }),
    encodeChanges([changeOf(founding)], at),
  ]);
  return row?.outcome ?? { founded: false };
}

function changeOf(founding: Founding): Change {
  const { slug, name, administrator, key } = founding;
  const events = decided(founding, {
    name: 'foundOrganization',
    input: { slug, name, administrator: administrator && { userId: administrator.userId } },
  });
  const rows = events.map((event) => rowsOf(event).rows);
  if (key !== null) {
    for (const event of decided(founding, {
      name: 'createApiKey',
      input: { name: key.name, role: 'ORG_ADMIN', scopes: ['READ', 'RESPOND', 'ADMIN'], made: key },
    })) {
      events.push(event);
      if (event.type === 'API_KEY_CREATED') rows.push({ api_key: [apiKeyRow(event, key.hash)] });
    }
  }
  return {
    incidentId: null,
    baseVersion: defaultPolicy.version,
    administrationSequence: 0,
    commandId: founding.commandId,
    events: events.map(changeEventOf),
    incident: null,
    rows: mergeRows(rows),
    deletes: {},
    deadlines: null,
    dedupKeys: null,
    request: founding.request ?? null,
  };
}

function decided(
  { organizationId, commandId, at, actor = systemActor }: Founding,
  command: AdministrationCommand,
): AdministrationEvent[] {
  const scopes = [] as const;
  const context = { organizationId, commandId, actor, scopes, at, policy: defaultPolicy, facts: noFacts };
  const decision = decideAdministration(command, context);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return [...decision.events];
}
