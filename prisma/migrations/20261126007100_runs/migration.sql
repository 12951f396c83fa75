-- Runs of other systems' work, each written once by its source and id, never changed, and gone after a time; the bursts
-- of failed ones that are incidents, and the targets each hit.
CREATE TABLE run (
  organization_id uuid NOT NULL REFERENCES organization,
  source text NOT NULL,
  run_id text NOT NULL CHECK (char_length(run_id) BETWEEN 1 AND 200),
  target text NOT NULL,
  status text NOT NULL CHECK (status IN ('SUCCEEDED', 'FAILED', 'SKIPPED')),
  error text,
  incident_id uuid,
  at timestamptz(3) NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  sequence bigint NOT NULL CHECK (sequence >= 1),
  PRIMARY KEY (organization_id, source, run_id),
  UNIQUE (organization_id, sequence),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident,
  CHECK ((error IS NOT NULL) = (status = 'FAILED'))
);
CREATE INDEX run_at ON run (organization_id, at, source, run_id);
CREATE INDEX run_incident ON run (organization_id, incident_id, at, source, run_id) WHERE incident_id IS NOT NULL;
CREATE INDEX run_source ON run (organization_id, source, at, run_id);
CREATE INDEX run_target_at ON run (organization_id, target, at, source, run_id);
CREATE INDEX run_failed ON run (organization_id, at, source, run_id) WHERE status = 'FAILED';
CREATE INDEX run_sweep ON run (reported_at);

-- The last number an organization's runs were given. It stays locked until what is numbered is committed, so that numbers
-- are in order of commit: whoever has seen one has seen, or will never see, all before it.
CREATE TABLE run_head (
  organization_id uuid PRIMARY KEY REFERENCES organization,
  sequence bigint NOT NULL CHECK (sequence >= 1)
);

-- Where the burst of an incident lies, derived from its events: what a run that comes late is looked for in.
CREATE TABLE run_burst (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  source text NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal >= 1),
  started_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, incident_id),
  UNIQUE (organization_id, source, ordinal),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX run_burst_ended_at ON run_burst (organization_id, source, ended_at);

-- Counted as runs come; kept longer than they are.
CREATE TABLE run_target (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  target text NOT NULL,
  error_count integer NOT NULL CHECK (error_count >= 1),
  first_at timestamptz(3) NOT NULL,
  latest_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, incident_id, target),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);

CREATE FUNCTION refuse_run_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Runs stay as they are until they are swept: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER run_unchanged BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION refuse_run_change();
CREATE TRIGGER run_no_truncate BEFORE TRUNCATE ON run FOR EACH STATEMENT EXECUTE FUNCTION refuse_run_change();
ALTER TABLE run ENABLE ALWAYS TRIGGER run_unchanged;
ALTER TABLE run ENABLE ALWAYS TRIGGER run_no_truncate;

ALTER TABLE run ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON run FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
ALTER TABLE run_burst ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON run_burst FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
ALTER TABLE run_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON run_target FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
ALTER TABLE run_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON run_head FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
CREATE POLICY of_platform ON run_head FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON run, run_burst, run_target, run_head TO warroom_app;
GRANT SELECT ON run_head TO warroom_platform;

-- Takes so many numbers for runs of this transaction, and answers the one before the first. Nobody else of the
-- organization gets any until it has ended.
CREATE FUNCTION take_run_sequences(org uuid, count int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last bigint;
BEGIN
  INSERT INTO run_head AS h (organization_id, sequence) VALUES (org, count)
  ON CONFLICT (organization_id) DO UPDATE SET sequence = h.sequence + excluded.sequence
  RETURNING sequence INTO last;
  RETURN last - count;
END
$$;

CREATE FUNCTION write_runs(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before bigint;
BEGIN
  IF rows ? 'run_burst' THEN
    INSERT INTO run_burst (organization_id, incident_id, source, ordinal, started_at, ended_at)
    SELECT DISTINCT ON (r.incident_id) org, r.incident_id, r.source, r.ordinal, r.started_at, r.ended_at
    FROM jsonb_to_recordset(rows -> 'run_burst') AS r (
      o int, incident_id uuid, source text, ordinal int, started_at timestamptz, ended_at timestamptz
    )
    WHERE accepted[r.o] ORDER BY r.incident_id, r.o DESC
    ON CONFLICT (organization_id, incident_id) DO UPDATE SET started_at = excluded.started_at,
      ended_at = excluded.ended_at;
  END IF;
  IF rows ? 'run' THEN
    -- A number is left over for what another has written meanwhile: rare, and nobody minds.
    before := take_run_sequences(org, jsonb_array_length(rows -> 'run'));
    INSERT INTO run (organization_id, source, run_id, target, status, error, incident_id, at, reported_at, sequence)
    SELECT DISTINCT ON (r.source, r.run_id) org, r.source, r.run_id, r.target, r.status, r.error, r.incident_id, r.at,
      r.reported_at, before + r.p
    FROM ROWS FROM (jsonb_to_recordset(rows -> 'run') AS (
      o int, source text, run_id text, target text, status text, error text, incident_id uuid, at timestamptz,
      reported_at timestamptz
    )) WITH ORDINALITY AS r (o, source, run_id, target, status, error, incident_id, at, reported_at, p)
    WHERE accepted[r.o] ORDER BY r.source, r.run_id, r.o
    ON CONFLICT (organization_id, source, run_id) DO NOTHING;
  END IF;
  IF rows ? 'run_target' THEN
    INSERT INTO run_target AS known (organization_id, incident_id, target, error_count, first_at, latest_at)
    SELECT org, r.incident_id, r.target, sum(r.error_count)::int, min(r.first_at), max(r.latest_at)
    FROM jsonb_to_recordset(rows -> 'run_target') AS r (
      o int, incident_id uuid, target text, error_count int, first_at timestamptz, latest_at timestamptz
    )
    WHERE accepted[r.o] GROUP BY r.incident_id, r.target
    ON CONFLICT (organization_id, incident_id, target) DO UPDATE SET
      error_count = known.error_count + excluded.error_count, first_at = least(known.first_at, excluded.first_at),
      latest_at = greatest(known.latest_at, excluded.latest_at);
  END IF;
END
$$;

-- What a batch that reports runs is decided on: `bursts` [{source, from, until}], `runs` [{source, id}], `targets`. Out:
-- incidents whose bursts overlap, the number of the last burst of each source, which runs are known, and which targets
-- those incidents have.
CREATE FUNCTION load_runs(
  org uuid, request jsonb, OUT of_bursts uuid[], OUT last_bursts json, OUT known_runs json, OUT known_targets json
)
LANGUAGE plpgsql STABLE
SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_material = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
BEGIN
  SELECT array_agg(DISTINCT b.incident_id) INTO of_bursts
  FROM jsonb_to_recordset(request -> 'bursts') AS q (source text, "from" timestamptz, until timestamptz),
    LATERAL (
      SELECT v.incident_id FROM run_burst v
      WHERE v.organization_id = org AND v.source = q.source AND v.ended_at >= q."from" AND v.started_at <= q.until
      ORDER BY v.ended_at LIMIT 50
    ) b;
  SELECT json_agg(json_build_array(q.source, l.ordinal)) INTO last_bursts
  FROM (SELECT DISTINCT b.source FROM jsonb_to_recordset(request -> 'bursts') AS b (source text) OFFSET 0) q,
    LATERAL (
      SELECT v.ordinal FROM run_burst v WHERE v.organization_id = org AND v.source = q.source
      ORDER BY v.ordinal DESC LIMIT 1
    ) l;
  SELECT json_agg(json_build_array(r.source, r.run_id)) INTO known_runs
  FROM jsonb_to_recordset(request -> 'runs') AS q (source text, id text),
    LATERAL (
      SELECT v.source, v.run_id FROM run v
      WHERE v.organization_id = org AND v.source = q.source AND v.run_id = q.id OFFSET 0
    ) r;
  SELECT json_agg(json_build_array(t.incident_id, t.target)) INTO known_targets
  FROM unnest(of_bursts) AS w (id), jsonb_array_elements_text(request -> 'targets') AS q (target),
    LATERAL (
      SELECT v.incident_id, v.target FROM run_target v
      WHERE v.organization_id = org AND v.incident_id = w.id AND v.target = q.target OFFSET 0
    ) t;
END
$$;

-- Forgets at most `max_rows` runs that were reported before `before`; answers how many. When they ran decides nothing:
-- one that came late must be known when it is repeated.
CREATE FUNCTION sweep_runs(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    SELECT r.organization_id, r.source, r.run_id FROM run r
    WHERE r.reported_at < before ORDER BY r.reported_at LIMIT least(max_rows, 10000) FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM run d
    WHERE d.organization_id = item.organization_id AND d.source = item.source AND d.run_id = item.run_id;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;

REVOKE ALL ON FUNCTION refuse_run_change(), take_run_sequences(uuid, int), write_runs(uuid, jsonb, boolean[]), load_runs(uuid, jsonb),
  sweep_runs(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_runs(uuid, jsonb) TO warroom_app;
GRANT EXECUTE ON FUNCTION sweep_runs(timestamptz, int) TO warroom_platform;
