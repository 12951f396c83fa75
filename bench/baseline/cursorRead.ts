import pg from 'pg';

/**
 * A raw pg cursor over an organization's events, each row made JSON: what any catch-up must at least do. Prints the
 * seconds it took, reading as a superuser, whom no policy slows.
 *
 *     node cursorRead.js <connection string> <organization id>
 */
const [, , connectionString, organization] = process.argv;
const client = new pg.Client({ connectionString });
await client.connect();
const began = performance.now();
await client.query('begin');
await client.query({
  text: `declare events cursor for
    select sequence, type, version, at, is_public, encode(previous_hash, 'hex') as previous_hash,
      encode(hash, 'hex') as hash, body
    from warroom.ledger_event where organization_id = $1 and ledger = 0 order by sequence`,
  values: [organization],
});
let events = 0;
let characters = 0;
for (;;) {
  const { rows } = await client.query('fetch 500 from events');
  if (rows.length === 0) break;
  for (const row of rows) characters += JSON.stringify(row).length;
  events += rows.length;
}
await client.query('commit');
const seconds = (performance.now() - began) / 1_000;
await client.end();
console.log(JSON.stringify({ events, characters, seconds }));
