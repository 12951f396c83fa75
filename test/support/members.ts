import { v7 } from 'uuid';
import { type MemberRole, systemActor } from '../../src/domain/access/actor.ts';
import type { AdministrationFact } from '../../src/domain/administration/decision.ts';
import { stampAdministration } from '../../src/domain/administration/stampAdministration.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { changeEventOf } from '../../src/store/changeEvent.ts';
import type { Database } from '../../src/store/database.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { rowsOf } from '../../src/store/projection.ts';

/** A person to be made a member. */
export interface NewMember {
  readonly userId: string;
  readonly role: MemberRole;
  /** Their id at example.org unless given. */
  readonly email?: string;
}

/**
 * Makes someone a member, by the event that says so and nothing else: as another instance would have, unheard of by
 * this one until its feed looks. The person is made with an organization of their own.
 */
export async function addMember(
  database: Database,
  organizationId: string,
  { userId, role, email = `${userId}@example.org` }: NewMember,
  at: Instant,
): Promise<void> {
  const commandId = v7();
  const slug = `home-${commandId}`;
  const administrator = { userId, name: userId, email };
  const home = { organizationId: v7(), slug, name: slug, at, commandId, administrator, key: null };
  if (!(await foundOrganization(database, home))) throw new Error(`${slug} exists already.`);
  await record(database, organizationId, { type: 'MEMBER_ADDED', payload: { userId, role } }, at);
}

/** Gives a member another role. */
export async function setRole(
  database: Database,
  organizationId: string,
  userId: string,
  role: MemberRole,
  at: Instant,
): Promise<void> {
  const payload = { userId, roleBefore: 'MEMBER', role } as const;
  await record(database, organizationId, { type: 'MEMBER_ROLE_CHANGED', payload }, at);
}

async function record(
  database: Database,
  organizationId: string,
  fact: AdministrationFact,
  at: Instant,
): Promise<void> {
  const commandId = v7();
  const event = stampAdministration(fact, { commandId, actor: systemActor, at, policy: defaultPolicy });
  const store = createPostgresStore(database);
  const rows = await database.asPlatform<{ policy_version: number }>(
    'SELECT policy_version FROM warroom.ledger_head WHERE organization_id = $1 AND ledger = 0',
    [organizationId],
  );
  const change = {
    incidentId: null,
    baseVersion: null,
    administrationSequence: null,
    commandId,
    events: [changeEventOf(event)],
    incident: null,
    ...rowsOf(event),
    deadlines: null,
    dedupKeys: null,
    request: null,
  };
  const policyVersion = rows[0]?.policy_version ?? 1;
  const [outcome] = await store.commit({ organizationId, policyVersion, changes: [change] });
  if (outcome?.kind !== 'committed') throw new Error(`${fact.type} was not committed: ${outcome?.kind}`);
}
