import Fastify from 'fastify';
import pg from 'pg';

/**
 * What a careful engineer writes by hand for a page of incidents: one statement through pg, and its rows as JSON. It
 * reads Warroom's own tables as a superuser, whom no policy slows.
 *
 *     node listServer.js <connection string> <organization id>
 */
const [, , connectionString, organization] = process.argv;
const pool = new pg.Pool({ connectionString, max: 10 });
const app = Fastify();

const page = {
  name: 'page',
  text: `
    select l.number, l.title, l.status, l.severity, commander.name as commander, tech_lead.name as tech_lead,
      comms_lead.name as comms_lead, assignee.name as assignee, d.kind as next_kind, d.due_at as next_due_at, e.timeline
    from (
      select * from warroom.incident_list
      where organization_id = $1 and is_open order by reported_at desc, number desc limit $2
    ) l
    join warroom.incident i on i.organization_id = l.organization_id and i.id = l.incident_id
    cross join lateral (select i.state::jsonb as state offset 0) s
    left join warroom.users commander on commander.id = s.state ->> 'commanderId'
    left join warroom.users tech_lead on tech_lead.id = s.state ->> 'techLeadId'
    left join warroom.users comms_lead on comms_lead.id = s.state ->> 'commsLeadId'
    left join warroom.users assignee on assignee.id = l.assignee_id
    left join lateral (
      select kind, due_at from warroom.deadline
      where organization_id = l.organization_id and incident_id = l.incident_id order by due_at limit 1
    ) d on true
    left join lateral (
      select json_agg(json_build_object('sequence', sequence, 'type', type, 'at', at, 'message', message)) as timeline
      from (
        select sequence, type, at, body::json -> 'payload' ->> 'message' as message from warroom.ledger_event
        where organization_id = l.organization_id and incident_id = l.incident_id order by version desc limit 3
      ) latest
    ) e on true
    order by l.reported_at desc, l.number desc`,
};

app.post('/list', async (request, reply) => {
  const { first } = request.body as { first: number };
  const { rows } = await pool.query({ ...page, values: [organization, first] });
  reply.type('application/json');
  return JSON.stringify({ incidents: rows });
});

await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address() as { port: number };
console.log(`http://127.0.0.1:${address.port}`);
process.on('SIGTERM', () => void app.close().then(() => pool.end()));
