import type pg from 'pg';

/** Events each incident has: a declaration, three roles, an assignee, and notes. */
export const eventsEach = 20;

/**
 * Makes many incidents of one: `count` of them with ids, numbers, sequences and instants of their own, and otherwise what
 * the model has, which was written through Warroom's own door. Their hashes are the model's: nothing here verifies them.
 * Sequences go round by version, so that the events of one incident lie as far apart as in life. No texts: no list asks.
 */
export async function multiply(
  client: pg.Client,
  organizationId: string,
  model: string,
  count: number,
): Promise<void> {
  const copied = `('0190b000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))`;
  const row = (table: string, changed: string) =>
    `select made.* from warroom.${table} m, generate_series(1, ${count}) n,
       lateral jsonb_populate_record(m, jsonb_build_object(${changed})) made
     where m.organization_id = '${organizationId}'`;
  await client.query(`
    set synchronous_commit to off;
    insert into warroom.incident
      ${row(
        'incident',
        `'id', ${copied}, 'number', n + 1, 'sequence', ${eventsEach} * ${count} + n,
        'state', replace(m.state, '${model}', ${copied})`,
      )} and m.id = '${model}';
    insert into warroom.incident_list
      ${row(
        'incident_list',
        `'incident_id', ${copied}, 'number', n + 1,
        'reported_at', m.reported_at - make_interval(secs => n)`,
      )} and m.incident_id = '${model}';
    insert into warroom.deadline
      ${row('deadline', `'incident_id', ${copied}, 'due_at', m.due_at + interval '1 year'`)}
        and m.incident_id = '${model}';
    insert into warroom.ledger_event (organization_id, ledger, sequence, number, incident_id, version, type, command_id,
      at, is_public, severity, previous_hash, hash, body)
    select m.organization_id, 0, ${eventsEach} + (m.version - 1) * ${count}::bigint + n, n + 1, ${copied}::uuid, m.version,
      m.type, m.command_id, m.at, m.is_public, m.severity, m.previous_hash, m.hash, replace(m.body, '${model}', ${copied})
    from warroom.ledger_event m, generate_series(1, ${count}) n
    where m.organization_id = '${organizationId}' and m.incident_id = '${model}'
    order by m.version, n;
    update warroom.ledger_head set sequence = ${eventsEach} * (${count}::bigint + 1), number = ${count} + 1
      where organization_id = '${organizationId}' and ledger = 0;
    analyze warroom.incident, warroom.incident_list, warroom.deadline, warroom.ledger_event, warroom.users`);
}
