/** SQL that makes `count` deadlines pending, spread over 500 organizations and the coming month. */
export function fillDeadlines(count: number): string {
  return `
    insert into warroom.deadline (organization_id, incident_id, kind, key, due_at, attempts)
    select md5((n % 500)::text)::uuid, md5(n::text)::uuid, 'RESOLVE_SLA', '',
      now() + interval '1 day' + n * interval '2 seconds', 0
    from generate_series(1, ${count}) as n`;
}

/** SQL that makes `count` deadlines due now. */
export function fillDue(count: number): string {
  return `
    insert into warroom.deadline (organization_id, incident_id, kind, key, due_at, attempts)
    select md5((n % 500)::text)::uuid, md5('due' || n)::uuid, 'ESCALATION', '', now() - n * interval '1 ms', 0
    from generate_series(1, ${count}) as n`;
}
