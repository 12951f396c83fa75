-- Signals that became part of no incident because a rule or a maintenance window kept them from it, by the hour. Not
-- ledger state: nothing is decided on it, and it is kept for 31 days.
CREATE TABLE lost_signal (
  organization_id uuid NOT NULL REFERENCES organization,
  hour timestamptz(3) NOT NULL,
  reason text NOT NULL CHECK (reason IN ('DROPPED', 'NOT_ATTACHED', 'SUPPRESSED')),
  -- The rule's or the window's.
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
  count bigint NOT NULL CHECK (count >= 1),
  last_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, hour, reason, name)
);

ALTER TABLE lost_signal ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON lost_signal FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON lost_signal TO warroom_app;

-- Counts the signals that a batch lost; a row that begins an hour takes those of more than 31 days ago away.
CREATE FUNCTION write_lost_signals(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.hour, r.reason, r.name, sum(r.count)::bigint AS count, max(r.last_at) AS last_at
    FROM jsonb_to_recordset(rows -> 'lost_signal')
      AS r (o int, hour timestamptz, reason text, name text, count int, last_at timestamptz)
    WHERE accepted[r.o] GROUP BY r.hour, r.reason, r.name ORDER BY r.hour, r.reason, r.name
  LOOP
    UPDATE lost_signal l SET count = l.count + item.count, last_at = greatest(l.last_at, item.last_at)
    WHERE l.organization_id = org AND l.hour = item.hour AND l.reason = item.reason AND l.name = item.name;
    IF NOT FOUND THEN
      INSERT INTO lost_signal (organization_id, hour, reason, name, count, last_at)
      VALUES (org, item.hour, item.reason, item.name, item.count, item.last_at);
      DELETE FROM lost_signal l WHERE l.organization_id = org AND l.hour < item.hour - interval '31 days';
    END IF;
  END LOOP;
END
$$;

-- The newest open incident a signal may join that only joins: `wanted` is [{kind: CORRELATION_KEY | SERVICE, key}],
-- services by what their names compare as. Of each, only the 50 newest incidents are looked at.
CREATE FUNCTION load_joinable(organization uuid, wanted jsonb) RETURNS TABLE (kind text, key text, incident_id uuid)
LANGUAGE plpgsql STABLE SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  org CONSTANT uuid := organization;
BEGIN
  RETURN QUERY
    SELECT q.kind, q.key, found.incident_id
    FROM jsonb_to_recordset(wanted) AS q (kind text, key text),
      LATERAL (
        SELECT l.incident_id
        FROM (
          SELECT c.incident_id FROM incident_correlation_key c
          WHERE c.organization_id = org AND c.correlation_key = q.key ORDER BY c.incident_id DESC LIMIT 50
        ) newest,
          LATERAL (
            SELECT v.incident_id, v.number FROM incident_list v
            WHERE v.organization_id = org AND v.incident_id = newest.incident_id AND v.is_open OFFSET 0
          ) l
        ORDER BY l.number DESC LIMIT 1
      ) found
    WHERE q.kind = 'CORRELATION_KEY'
    UNION ALL
    SELECT q.kind, q.key, found.incident_id
    FROM jsonb_to_recordset(wanted) AS q (kind text, key text),
      LATERAL (
        SELECT coalesce(v.merged_into, v.id) AS id FROM service v
        WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0
      ) s,
      LATERAL (
        SELECT newest.incident_id
        FROM (
          SELECT l.incident_id, l.number, l.is_open FROM incident_list l
          WHERE l.organization_id = org AND l.service_id = s.id
          ORDER BY l.reported_at DESC, l.number DESC LIMIT 50
        ) newest
        WHERE newest.is_open ORDER BY newest.number DESC LIMIT 1
      ) found
    WHERE q.kind = 'SERVICE';
END
$$;

REVOKE ALL ON FUNCTION write_lost_signals(uuid, jsonb, boolean[]), load_joinable(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_joinable(uuid, jsonb) TO warroom_app;
