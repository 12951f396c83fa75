import type pg from 'pg';
import { entryHash } from '../../src/store/hash.ts';

/** Events in the incidents ledger of every organization of the story. */
export const eventsOfEach = 20;

/** Someone with the database's own powers changes one organization's ledger. */
export interface Forgery {
  readonly alter: (forger: Forger) => Promise<void>;
  /** What `warroom verify` has to name. */
  readonly ledger?: 'ADMINISTRATION';
  readonly sequence: number;
  readonly problem: RegExp;
  /** Consistent in itself: found only against a head saved before. */
  readonly onlyByHead?: true;
}

/** The forger's tools, for one organization. */
export interface Forger {
  readonly organizationId: string;
  /** SQL with $1 the organization; fails when it changes nothing. */
  run(text: string, ...more: readonly unknown[]): Promise<void>;
  /** Gives the incidents ledger's rows from `first` to `last` hashes that fit what they say now. */
  rehash(first: number, last?: number): Promise<void>;
  /** The same for the head row: it names the last event again. */
  moveHead(): Promise<void>;
  readonly otherOrganizationId: string;
}

const mine = 'organization_id = $1 and ledger = 0';

/** The tools on a superuser's connection. */
export function forger(login: pg.Client, organizationId: string, otherOrganizationId: string): Forger {
  const run = async (text: string, ...more: readonly unknown[]): Promise<void> => {
    const { rowCount } = await login.query(text, [organizationId, ...more]);
    if ((rowCount ?? 0) === 0) throw new Error(`changed nothing: ${text}`);
  };
  return {
    organizationId,
    otherOrganizationId,
    run,
    async rehash(first, last = Number.MAX_SAFE_INTEGER) {
      const { rows } = await login.query(
        `select sequence::int, number, body, encode(previous_hash, 'hex') as previous from warroom.ledger_event
          where ${mine} and sequence between $2 and $3 order by ledger_event.sequence`,
        [organizationId, first, last],
      );
      let previous: string = rows[0]?.previous ?? '';
      for (const { sequence, number, body } of rows) {
        const hash = entryHash({
          organizationId,
          ledger: 'INCIDENTS',
          sequence,
          number,
          previousHash: previous,
          body,
        });
        await run(
          `update warroom.ledger_event set previous_hash = decode($3, 'hex'), hash = decode($4, 'hex')
            where ${mine} and sequence = $2`,
          sequence,
          previous,
          hash,
        );
        previous = hash;
      }
    },
    moveHead: () =>
      run(`update warroom.ledger_head h set sequence = e.sequence, hash = e.hash from (
          select sequence, hash from warroom.ledger_event where ${mine} order by sequence desc limit 1
        ) e where h.organization_id = $1 and h.ledger = 0`),
  };
}

/** One column of event 9 changed; its body, which the hash covers, is not. */
const column = (name: string, value: string, problem: RegExp): Forgery => ({
  alter: ({ run }) =>
    run(`update warroom.ledger_event set ${name} = ${value} where ${mine} and sequence = 9`),
  sequence: 9,
  problem,
});

const editNine = `update warroom.ledger_event set body = replace(body, '"message":"note', '"message":"NOTE')
  where ${mine} and sequence = 9 and body like '%"message":"note%'`;
const makeRoomAfterNine = `update warroom.ledger_event set sequence = sequence + 1000000 where ${mine} and sequence > 9`;

async function insertTen({ run, rehash }: Forger): Promise<void> {
  await run(makeRoomAfterNine);
  await run(`insert into warroom.ledger_event select organization_id, ledger, 10, number, incident_id, 1000, type,
      gen_random_uuid(), at, is_public, severity, hash, hash, body from warroom.ledger_event
      where ${mine} and sequence = 9`);
  await run(`update warroom.ledger_event
      set body = (body::jsonb || jsonb_build_object('version', version, 'commandId', command_id))::text
      where ${mine} and sequence = 10`);
  await rehash(10, 10);
  await run(
    `update warroom.ledger_event set sequence = sequence - 999999 where ${mine} and sequence > 1000000`,
  );
}

/** Takes 10 out, and numbers what follows as if it had never been. */
async function takeOutTen({ run }: Forger): Promise<void> {
  await run(`delete from warroom.ledger_event where ${mine} and sequence = 10`);
  await run(makeRoomAfterNine);
  await run(
    `update warroom.ledger_event set sequence = sequence - 1000001 where ${mine} and sequence > 1000000`,
  );
}

/** Every kind of forgery the record has to show, by the organization it is done to. */
export const forgeries: Readonly<Record<string, Forgery>> = {
  'edited-body': { alter: ({ run }) => run(editNine), sequence: 9, problem: /hash does not fit/ },
  'edited-body-rehashed': {
    async alter({ run, rehash }) {
      await run(editNine);
      await rehash(9, 9);
    },
    sequence: 10,
    problem: /does not follow/,
  },
  'reencoded-body': {
    alter: ({ run }) =>
      run(`update warroom.ledger_event set body = body || ' ' where ${mine} and sequence = 1`),
    sequence: 1,
    problem: /hash does not fit/,
  },
  'column-type': column('type', `'INCIDENT_TAG_ADDED'`, /column type disagrees/),
  'column-version': column('version', '1000', /column version disagrees/),
  'column-incident': column('incident_id', 'gen_random_uuid()', /column incident_id disagrees/),
  'column-command': column('command_id', 'gen_random_uuid()', /column command_id disagrees/),
  'column-at': column('at', `at + interval '1 millisecond'`, /column at disagrees/),
  'column-public': column('is_public', 'not is_public', /column is_public disagrees/),
  'column-severity': column('severity', `'SEV1'`, /column severity disagrees/),
  'column-number': column('number', 'number + 1', /hash does not fit/),
  'column-hash': column('hash', 'sha256(hash)', /hash does not fit/),
  'column-previous-hash': column('previous_hash', 'sha256(hash)', /does not follow/),
  deleted: {
    alter: ({ run }) => run(`delete from warroom.ledger_event where ${mine} and sequence = 10`),
    sequence: 10,
    problem: /event 10 is missing/,
  },
  'deleted-renumbered': { alter: takeOutTen, sequence: 10, problem: /does not follow/ },
  swapped: {
    async alter({ run }) {
      for (const [from, to] of [
        [5, 1_000],
        [11, 5],
        [1_000, 11],
      ])
        await run(`update warroom.ledger_event set sequence = $3 where ${mine} and sequence = $2`, from, to);
    },
    sequence: 5,
    problem: /does not follow/,
  },
  inserted: { alter: insertTen, sequence: 11, problem: /does not follow/ },
  'taken-from-another': {
    alter: ({ run, otherOrganizationId }) =>
      run(
        `update warroom.ledger_event e set previous_hash = o.previous_hash, hash = o.hash, body = o.body
          from warroom.ledger_event o where e.organization_id = $1 and e.ledger = 0 and e.sequence = 1
            and o.organization_id = $2 and o.ledger = 0 and o.sequence = 1`,
        otherOrganizationId,
      ),
    sequence: 1,
    problem: /hash does not fit/,
  },
  'put-at-the-end': {
    async alter({ run, rehash }) {
      await run(`insert into warroom.ledger_event select organization_id, ledger, ${eventsOfEach + 1}, number,
          incident_id, 1000, type, command_id, at, is_public, severity, hash, hash,
          replace(body, '"version":' || version, '"version":1000')
          from warroom.ledger_event where ${mine} and sequence = ${eventsOfEach}`);
      await rehash(eventsOfEach + 1);
    },
    sequence: eventsOfEach + 1,
    problem: /beyond the head/,
  },
  'tail-cut': {
    alter: ({ run }) => run(`delete from warroom.ledger_event where ${mine} and sequence > 15`),
    sequence: 16,
    problem: /ends at 15, its head says 20/,
  },
  emptied: {
    alter: ({ run }) => run(`delete from warroom.ledger_event where ${mine}`),
    sequence: 1,
    problem: /ends at 0, its head says 20/,
  },
  'head-removed': {
    alter: ({ run }) => run('delete from warroom.ledger_head where organization_id = $1 and ledger = 0'),
    sequence: 1,
    problem: /has no head/,
  },
  'head-altered': {
    alter: ({ run }) =>
      run('update warroom.ledger_head set hash = sha256(hash) where organization_id = $1 and ledger = 0'),
    sequence: eventsOfEach,
    problem: /head names another hash/,
  },
  administration: {
    alter: ({ run }) =>
      run(`update warroom.ledger_event set body = replace(body, '"ORG_ADMIN"', '"VIEWER"')
          where organization_id = $1 and ledger = 1 and sequence = 2 and body like '%"ORG_ADMIN"%'`),
    ledger: 'ADMINISTRATION',
    sequence: 2,
    problem: /hash does not fit/,
  },
  'tail-and-head-cut': {
    async alter({ run, moveHead }) {
      await run(`delete from warroom.ledger_event where ${mine} and sequence > 15`);
      await moveHead();
    },
    sequence: 16,
    problem: /its tail was cut/,
    onlyByHead: true,
  },
  rewritten: {
    async alter({ run, rehash, moveHead }) {
      await run(editNine);
      await rehash(9);
      await moveHead();
    },
    sequence: eventsOfEach,
    problem: /was rewritten/,
    onlyByHead: true,
  },
  'rewritten-without-ten': {
    async alter(tools) {
      await takeOutTen(tools);
      await tools.run(`update warroom.ledger_event set previous_hash = (select hash from warroom.ledger_event
          where ${mine} and sequence = 9) where ${mine} and sequence = 10`);
      await tools.rehash(10);
      await tools.moveHead();
    },
    sequence: eventsOfEach,
    problem: /its tail was cut/,
    onlyByHead: true,
  },
};
