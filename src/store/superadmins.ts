import { v7 } from 'uuid';
import { systemActor } from '../domain/access/actor.ts';
import { decideAdministration } from '../domain/administration/decide.ts';
import type { AdministrationEvent } from '../domain/administration/events.ts';
import { noFacts } from '../domain/administration/facts.ts';
import { platform } from '../domain/administration/platform.ts';
import type { Instant } from '../domain/instant.ts';
import { defaultPolicy } from '../domain/policy/defaults.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { CannotStartError } from './cannotStart.ts';
import { changeEventOf } from './changeEvent.ts';
import type { Database } from './database.ts';
import type { Change } from './port.ts';
import { createPostgresStore } from './postgresStore.ts';
import { mergeRows, rowsOf } from './projection.ts';

/** A superadmin of this installation. */
export interface Superadmin {
  readonly email: string;
  readonly name: string;
  readonly grantedAt: Instant;
}

/**
 * What became of a grant, or of taking it back: NOBODY when no person has that address, UNPROVEN when whoever has it has
 * not shown that it is theirs.
 */
export type SuperadminOutcome = 'DONE' | 'ALREADY_SO' | 'NOBODY' | 'UNPROVEN';

/** The superadmins, as the command line grants and revokes. */
export interface Superadmins {
  /** At most 1,000, by email address. */
  list(): Promise<readonly Superadmin[]>;
  grant(email: string): Promise<SuperadminOutcome>;
  revoke(email: string): Promise<SuperadminOutcome>;
}

type ChangeName = 'grantSuperadmin' | 'revokeSuperadmin';

/** Changes of the platform's ledger that may come between before a grant is given up. */
const triesAtMost = 10;

/**
 * The superadmins in this database; `now` says when. Each change is an entry of the platform's administration ledger,
 * written with it; it is decided here, as the command line may have no server to ask.
 */
export function createSuperadmins(database: Database, now: () => Instant): Superadmins {
  const store = createPostgresStore(database);

  const tryOnce = async (name: ChangeName, email: string): Promise<SuperadminOutcome | 'AGAIN'> => {
    // Before the person: what is decided on must be younger than where the ledger stood.
    const head = await headOf(database);
    const found = await candidate(database, email);
    if (found === null) return 'NOBODY';
    if (name === 'grantSuperadmin' && !found.proven) return 'UNPROVEN';
    const { organizationId } = platform;
    const commandId = v7();
    const command = { name, input: { userId: found.id } };
    const decision = decideAdministration(command, {
      organizationId,
      commandId,
      actor: systemActor,
      scopes: [],
      at: now(),
      policy: head.policy,
      facts: { ...noFacts, isSuperadmin: () => found.superadmin },
    });
    if (!decision.ok) throw new Error(decision.refusal.message);
    if (decision.events.length === 0) return 'ALREADY_SO';
    const policyVersion = head.policy.version;
    const [outcome] = await store.commit({
      organizationId,
      policyVersion,
      changes: [changeOf(commandId, head.sequence, decision.events)],
    });
    return outcome?.kind === 'committed' ? 'DONE' : 'AGAIN';
  };
  const change = async (name: ChangeName, email: string): Promise<SuperadminOutcome> => {
    for (let tries = 0; tries < triesAtMost; tries += 1) {
      const outcome = await tryOnce(name, email.trim().toLowerCase());
      if (outcome !== 'AGAIN') return outcome;
    }
    throw new Error("The platform's ledger changed again and again meanwhile. Nothing was done; try again.");
  };
  return {
    async list() {
      const rows = await database.asPlatform(
        'SELECT email, name, granted_at FROM warroom.list_superadmins()',
      );
      return rows.map((row) => ({
        email: row.email as string,
        name: row.name as string,
        grantedAt: row.granted_at as Instant,
      }));
    },
    grant: (email) => change('grantSuperadmin', email),
    revoke: (email) => change('revokeSuperadmin', email),
  };
}

function changeOf(
  commandId: string,
  administrationSequence: number,
  events: readonly AdministrationEvent[],
): Change {
  return {
    incidentId: null,
    baseVersion: null,
    administrationSequence,
    commandId,
    events: events.map(changeEventOf),
    incident: null,
    rows: mergeRows(events.map((event) => rowsOf(event).rows)),
    deletes: {},
    deadlines: null,
    dedupKeys: null,
    request: null,
  };
}

/** Where the platform's administration ledger stands, and its policy. */
async function headOf(database: Database): Promise<{ readonly sequence: number; readonly policy: Policy }> {
  const rows = await database.asPlatform<{ ledger: number; sequence: string; policy_version: number }>(
    'SELECT ledger, sequence, policy_version FROM warroom.ledger_head WHERE organization_id = $1 ORDER BY ledger',
    [platform.organizationId],
  );
  const [incidents, administration] = rows;
  if (incidents === undefined || administration === undefined)
    throw new CannotStartError('There is no platform organization yet: start this version once, or migrate.');
  const policy = { ...defaultPolicy, version: incidents.policy_version };
  return { sequence: Number(administration.sequence), policy };
}

interface Candidate {
  readonly id: string;
  readonly proven: boolean;
  readonly superadmin: boolean;
}

async function candidate(database: Database, email: string): Promise<Candidate | null> {
  const [row] = await database.asPlatform<{ found: Candidate | null }>(
    'SELECT warroom.superadmin_candidate($1) AS found',
    [email],
  );
  return row?.found ?? null;
}
