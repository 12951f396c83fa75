-- Actions on many targets of a source, derived from their events but for who works them off and until when.
CREATE TABLE bulk_action (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  source text NOT NULL,
  action text NOT NULL CHECK (action IN ('MUTE', 'UNMUTE', 'FORCE_RUN')),
  target_count integer NOT NULL CHECK (target_count BETWEEN 1 AND 1000),
  targets_digest text NOT NULL,
  concurrency integer NOT NULL CHECK (concurrency BETWEEN 1 AND 20),
  throttle_milliseconds integer NOT NULL CHECK (throttle_milliseconds BETWEEN 0 AND 60000),
  actor_kind text NOT NULL,
  actor_id text,
  actor_role text,
  started_at timestamptz(3) NOT NULL,
  version integer NOT NULL,
  cancelled_at timestamptz(3),
  finished_at timestamptz(3),
  results_digest text,
  mutes_digest text,
  succeeded_count integer,
  failed_count integer,
  cancelled_count integer,
  holder uuid,
  lease_until timestamptz(3),
  results_swept_at timestamptz(3),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident,
  CHECK (results_swept_at > finished_at)
);
CREATE INDEX bulk_action_incident ON bulk_action (organization_id, incident_id, version);
CREATE INDEX bulk_action_running ON bulk_action (organization_id, started_at, id) WHERE finished_at IS NULL;
CREATE INDEX bulk_action_sweep ON bulk_action (finished_at) WHERE results_swept_at IS NULL;

-- One target of one, with what was asked and what was answered. What is over stays as it is. `retry_at`: nothing is
-- under way, and it is asked again then; status, response and error are those of the last try.
CREATE TABLE bulk_action_target (
  organization_id uuid NOT NULL,
  bulk_action_id uuid NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal BETWEEN 1 AND 1000),
  target text NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  attempts integer NOT NULL CHECK (attempts >= 0),
  request text,
  http_status integer,
  response text,
  error text,
  at timestamptz(3),
  retry_at timestamptz(3),
  PRIMARY KEY (organization_id, bulk_action_id, ordinal),
  UNIQUE (organization_id, bulk_action_id, target),
  FOREIGN KEY (organization_id, bulk_action_id) REFERENCES bulk_action,
  CHECK ((at IS NULL) = (state IN ('PENDING', 'RUNNING'))),
  CHECK (retry_at IS NULL OR state = 'RUNNING')
);

-- Targets of a source whose runs count for no burst, from an instant on, until another: what failed between the two does
-- not, however late it is told: they are kept for ever. Those of a target do not overlap; at most one is open.
CREATE TABLE muted_target (
  organization_id uuid NOT NULL,
  source text NOT NULL,
  target text NOT NULL,
  since timestamptz(3) NOT NULL,
  until timestamptz(3),
  bulk_action_id uuid NOT NULL,
  ended_by uuid,
  PRIMARY KEY (organization_id, source, target, since),
  FOREIGN KEY (organization_id, bulk_action_id) REFERENCES bulk_action,
  FOREIGN KEY (organization_id, ended_by) REFERENCES bulk_action,
  CHECK (until > since),
  CHECK ((until IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX muted_target_now ON muted_target (organization_id, source, target) WHERE until IS NULL;
CREATE INDEX muted_target_begun ON muted_target (organization_id, bulk_action_id);
CREATE INDEX muted_target_ended ON muted_target (organization_id, ended_by) WHERE ended_by IS NOT NULL;

-- What a bulk action did to a target is a run of its source, too, and carries the incident.
ALTER TABLE run ADD COLUMN bulk_action_id uuid;
ALTER TABLE run ADD FOREIGN KEY (organization_id, bulk_action_id) REFERENCES bulk_action;

CREATE FUNCTION refuse_bulk_result_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (
      SELECT FROM warroom.bulk_action b
      WHERE b.organization_id = OLD.organization_id AND b.id = OLD.bulk_action_id AND b.results_swept_at IS NOT NULL
    ) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'What a target of a bulk action came to stays as it is: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER bulk_action_target_over BEFORE UPDATE ON bulk_action_target FOR EACH ROW WHEN (old.at IS NOT NULL)
  EXECUTE FUNCTION refuse_bulk_result_change();
CREATE TRIGGER bulk_action_target_kept BEFORE DELETE ON bulk_action_target FOR EACH ROW
  EXECUTE FUNCTION refuse_bulk_result_change();
CREATE TRIGGER bulk_action_target_no_truncate BEFORE TRUNCATE ON bulk_action_target FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_bulk_result_change();
ALTER TABLE bulk_action_target ENABLE ALWAYS TRIGGER bulk_action_target_over;
ALTER TABLE bulk_action_target ENABLE ALWAYS TRIGGER bulk_action_target_kept;
ALTER TABLE bulk_action_target ENABLE ALWAYS TRIGGER bulk_action_target_no_truncate;

ALTER TABLE bulk_action ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON bulk_action FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
ALTER TABLE bulk_action_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON bulk_action_target FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
ALTER TABLE muted_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON muted_target FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON bulk_action, bulk_action_target, muted_target TO warroom_app;

CREATE FUNCTION write_bulk_actions(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  INSERT INTO bulk_action (
    organization_id, id, incident_id, source, action, target_count, targets_digest, concurrency, throttle_milliseconds,
    actor_kind, actor_id, actor_role, started_at, version
  )
  SELECT org, r.id, r.incident_id, r.source, r.action, r.target_count, r.targets_digest, r.concurrency,
    r.throttle_milliseconds, r.actor_kind, r.actor_id, r.actor_role, r.started_at, r.version
  FROM jsonb_to_recordset(rows -> 'bulk_action') AS r (
    o int, id uuid, incident_id uuid, source text, action text, target_count int, targets_digest text, concurrency int,
    throttle_milliseconds int, actor_kind text, actor_id text, actor_role text, started_at timestamptz, version int
  )
  WHERE accepted[r.o];
  INSERT INTO bulk_action_target (organization_id, bulk_action_id, ordinal, target, state, attempts)
  SELECT org, r.bulk_action_id, r.ordinal, r.target, 'PENDING', 0
  FROM jsonb_to_recordset(rows -> 'bulk_action_target') AS r (o int, bulk_action_id uuid, ordinal int, target text)
  WHERE accepted[r.o];
  FOR item IN
    SELECT r.id, r.cancelled_at
    FROM jsonb_to_recordset(rows -> 'bulk_action_cancellation') AS r (o int, id uuid, cancelled_at timestamptz)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE bulk_action b SET cancelled_at = item.cancelled_at WHERE b.organization_id = org AND b.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'bulk_action_finish') AS r (
      o int, id uuid, finished_at timestamptz, results_digest text, mutes_digest text, succeeded_count int,
      failed_count int, cancelled_count int
    )
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE bulk_action b SET finished_at = item.finished_at, results_digest = item.results_digest,
      mutes_digest = item.mutes_digest, succeeded_count = item.succeeded_count, failed_count = item.failed_count,
      cancelled_count = item.cancelled_count, holder = NULL, lease_until = NULL
    WHERE b.organization_id = org AND b.id = item.id;
  END LOOP;
END
$$;

-- Leases bulk actions that are not over to a process, until `lease_end`: those it has, and those whose lease is over.
-- In turn are the first `known` of both, the first of each organization before the second of any: those that are cancelled,
-- then the oldest. Of those at most `fresh` become its own now. Answers all that it has then; what is not in turn it is to
-- give back.
CREATE FUNCTION claim_bulk_actions(claimer uuid, now timestamptz, lease_end timestamptz, known int, fresh int)
RETURNS TABLE (organization_id uuid, bulk_action_id uuid, is_cancelled boolean, is_in_turn boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET jit = off AS $$
BEGIN
  RETURN QUERY
  WITH placed AS (
    SELECT b.organization_id, b.id, b.started_at, b.holder, b.lease_until,
      row_number() OVER (PARTITION BY b.organization_id ORDER BY b.cancelled_at IS NULL, b.started_at, b.id) AS place
    FROM bulk_action b WHERE b.finished_at IS NULL
  ), free AS (
    SELECT p.organization_id, p.id, p.holder IS NOT DISTINCT FROM claimer AS is_own,
      row_number() OVER (ORDER BY p.place, p.started_at, p.id) AS nth
    FROM placed p
    WHERE p.holder = claimer OR p.lease_until IS NULL OR p.lease_until <= now
  ), chosen AS (
    SELECT f.organization_id, f.id, f.nth <= known AS is_first FROM free f WHERE f.is_own
    UNION ALL
    (SELECT f.organization_id, f.id, true FROM free f WHERE NOT f.is_own AND f.nth <= known ORDER BY f.nth LIMIT fresh)
  ), locked AS (
    SELECT b.organization_id, b.id, c.is_first FROM bulk_action b
    JOIN chosen c ON c.organization_id = b.organization_id AND c.id = b.id
    WHERE b.finished_at IS NULL AND (b.holder = claimer OR b.lease_until IS NULL OR b.lease_until <= now)
    FOR NO KEY UPDATE OF b SKIP LOCKED
  )
  UPDATE bulk_action b SET holder = claimer, lease_until = lease_end FROM locked l
  WHERE b.organization_id = l.organization_id AND b.id = l.id
  RETURNING b.organization_id, b.id, b.cancelled_at IS NOT NULL, l.is_first;
END
$$;

-- Gives back what a process has, or what any has (null): all of it, or these. Others may go on at once.
CREATE FUNCTION release_bulk_actions(claimer uuid, ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  UPDATE bulk_action b SET holder = NULL, lease_until = NULL
  WHERE b.finished_at IS NULL AND (claimer IS NULL OR b.holder = claimer) AND (ids IS NULL OR b.id = ANY(ids));
END
$$;

-- Notes that a target's request goes out. False when it may not: it is over, somebody else has the action by now, or it
-- is cancelled and this target had not been begun.
CREATE FUNCTION begin_bulk_target(
  organization uuid, claimer uuid, of_action uuid, place int, now timestamptz, asked text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  held bulk_action;
BEGIN
  PERFORM assert_organization(organization);
  SELECT * INTO held FROM bulk_action b WHERE b.organization_id = organization AND b.id = of_action FOR KEY SHARE;
  IF held.holder IS DISTINCT FROM claimer OR held.lease_until <= now THEN
    RETURN false;
  END IF;
  UPDATE bulk_action_target t SET state = 'RUNNING', attempts = t.attempts + 1, request = asked,
    retry_at = NULL
  WHERE t.organization_id = organization AND t.bulk_action_id = of_action AND t.ordinal = place
    AND (t.state = 'RUNNING' OR t.state = 'PENDING' AND held.cancelled_at IS NULL);
  RETURN FOUND;
END
$$;

-- Notes what the last try of a target came to, and when it is asked again. `result`: {http_status, response, error}. False
-- when somebody else has the action by now.
CREATE FUNCTION delay_bulk_target(
  organization uuid, claimer uuid, of_action uuid, place int, until timestamptz, result jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  held bulk_action;
BEGIN
  PERFORM assert_organization(organization);
  SELECT * INTO held FROM bulk_action b WHERE b.organization_id = organization AND b.id = of_action FOR KEY SHARE;
  IF held.holder IS DISTINCT FROM claimer THEN
    RETURN false;
  END IF;
  UPDATE bulk_action_target t SET http_status = (result ->> 'http_status')::int, response = result ->> 'response',
    error = result ->> 'error', retry_at = until
  WHERE t.organization_id = organization AND t.bulk_action_id = of_action AND t.ordinal = place AND t.state = 'RUNNING';
  RETURN FOUND;
END
$$;

-- Keeps what a target came to, with the run that says so and what it mutes. `result`: {state, http_status, response,
-- error, at}. False when somebody else has the action by now: they ask again, with the same id.
CREATE FUNCTION finish_bulk_target(organization uuid, claimer uuid, of_action uuid, place int, result jsonb)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  held bulk_action;
  done bulk_action_target;
  ended CONSTANT timestamptz := (result ->> 'at')::timestamptz;
BEGIN
  PERFORM assert_organization(organization);
  SELECT * INTO held FROM bulk_action b WHERE b.organization_id = organization AND b.id = of_action FOR KEY SHARE;
  IF held.holder IS DISTINCT FROM claimer THEN
    RETURN false;
  END IF;
  UPDATE bulk_action_target t SET state = result ->> 'state', http_status = (result ->> 'http_status')::int,
    response = result ->> 'response', error = result ->> 'error', at = ended, retry_at = NULL
  WHERE t.organization_id = organization AND t.bulk_action_id = of_action AND t.ordinal = place AND t.state = 'RUNNING'
  RETURNING * INTO done;
  IF done.target IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO run (
    organization_id, source, run_id, target, status, error, incident_id, bulk_action_id, at, reported_at, sequence
  )
  VALUES (organization, held.source, 'bulk/' || of_action::text || '/' || place, done.target, done.state,
    CASE WHEN done.state = 'FAILED' THEN coalesce(done.error, 'It failed.') END, held.incident_id, of_action, ended,
    ended, take_run_sequences(organization, 1) + 1)
  ON CONFLICT DO NOTHING;
  IF done.state = 'SUCCEEDED' AND held.action = 'MUTE' THEN
    -- Clocks of two instances may differ: it begins when the one before has ended.
    INSERT INTO muted_target AS m (organization_id, source, target, since, bulk_action_id)
    VALUES (organization, held.source, done.target, greatest(ended, (
      SELECT v.until FROM muted_target v
      WHERE v.organization_id = organization AND v.source = held.source AND v.target = done.target
      ORDER BY v.since DESC LIMIT 1
    )), of_action)
    ON CONFLICT (organization_id, source, target) WHERE m.until IS NULL DO NOTHING;
  ELSIF done.state = 'SUCCEEDED' AND held.action = 'UNMUTE' THEN
    UPDATE muted_target m SET until = greatest(m.since + interval '1 millisecond', ended),
      ended_by = of_action
    WHERE m.organization_id = organization AND m.source = held.source AND m.target = done.target AND m.until IS NULL;
  END IF;
  RETURN true;
END
$$;

-- Of a cancelled action, what was not begun will not be: each with the run that says so.
CREATE FUNCTION cancel_bulk_targets(organization uuid, claimer uuid, of_action uuid, now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  held bulk_action;
  left_out int;
BEGIN
  PERFORM assert_organization(organization);
  SELECT * INTO held FROM bulk_action b WHERE b.organization_id = organization AND b.id = of_action FOR KEY SHARE;
  IF held.holder IS DISTINCT FROM claimer OR held.cancelled_at IS NULL THEN
    RETURN 0;
  END IF;
  WITH over AS (
    UPDATE bulk_action_target t SET state = 'CANCELLED', at = now
    WHERE t.organization_id = organization AND t.bulk_action_id = of_action AND t.state = 'PENDING'
    RETURNING t.ordinal, t.target
  ), numbered AS MATERIALIZED (
    SELECT take_run_sequences(organization, count(*)::int) AS before FROM over HAVING count(*) > 0
  ), noted AS (
    INSERT INTO run (
      organization_id, source, run_id, target, status, error, incident_id, bulk_action_id, at, reported_at, sequence
    )
    SELECT organization, held.source, 'bulk/' || of_action::text || '/' || o.ordinal, o.target, 'SKIPPED', NULL,
      held.incident_id, of_action, now, now, n.before + row_number() OVER (ORDER BY o.ordinal)
    FROM over o, numbered n ON CONFLICT DO NOTHING
  )
  SELECT count(*)::int INTO left_out FROM over;
  RETURN left_out;
END
$$;

-- As before, with when the targets of failed runs were muted: of each run the last time that began before it failed,
-- which is the only one that may hold it. `failed` [{source, target, at}]; without `at` it fails when it is told.
DROP FUNCTION load_runs(uuid, jsonb);
CREATE FUNCTION load_runs(
  org uuid, request jsonb, OUT of_bursts uuid[], OUT last_bursts json, OUT known_runs json, OUT known_targets json,
  OUT muted json
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
  -- Most sources have none that was muted: asked once each, before its runs are.
  SELECT json_agg(DISTINCT jsonb_build_array(m.source, m.target, m.since, m.until)) INTO muted
  FROM (
      SELECT DISTINCT f.source FROM jsonb_to_recordset(request -> 'failed') AS f (source text) OFFSET 0
    ) q,
    LATERAL (
      SELECT v.source FROM muted_target v WHERE v.organization_id = org AND v.source = q.source LIMIT 1
    ) silenced,
    jsonb_to_recordset(request -> 'failed') AS w (source text, target text, at timestamptz),
    LATERAL (
      SELECT v.source, v.target, v.since, v.until FROM muted_target v
      WHERE v.organization_id = org AND v.source = silenced.source AND v.target = w.target
        AND v.since <= coalesce(w.at, 'infinity')
      ORDER BY v.since DESC LIMIT 1
    ) m
  WHERE w.source = silenced.source;
END
$$;

-- Forgets what the targets of bulk actions came to that were over before `before`, whole actions of `max_rows` targets
-- or a few more, and marks each as forgotten at `now`; its counts, its digests and what it muted stay. Answers how many
-- targets.
CREATE FUNCTION sweep_bulk_results(before timestamptz, max_rows int, now timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  gone int;
  item record;
BEGIN
  FOR item IN
    SELECT b.organization_id, b.id FROM bulk_action b
    WHERE b.results_swept_at IS NULL AND b.finished_at < before
    ORDER BY b.finished_at LIMIT least(max_rows, 10000) FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    UPDATE bulk_action b SET results_swept_at = now WHERE b.organization_id = item.organization_id AND b.id = item.id;
    DELETE FROM bulk_action_target t
    WHERE t.organization_id = item.organization_id AND t.bulk_action_id = item.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    swept := swept + gone;
    EXIT WHEN swept >= max_rows;
  END LOOP;
  RETURN swept;
END
$$;

REVOKE ALL ON FUNCTION refuse_bulk_result_change(), write_bulk_actions(uuid, jsonb, boolean[]),
  claim_bulk_actions(uuid, timestamptz, timestamptz, int, int), release_bulk_actions(uuid, uuid[]),
  begin_bulk_target(uuid, uuid, uuid, int, timestamptz, text),
  delay_bulk_target(uuid, uuid, uuid, int, timestamptz, jsonb), finish_bulk_target(uuid, uuid, uuid, int, jsonb),
  cancel_bulk_targets(uuid, uuid, uuid, timestamptz), load_runs(uuid, jsonb),
  sweep_bulk_results(timestamptz, int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_bulk_target(uuid, uuid, uuid, int, timestamptz, text),
  delay_bulk_target(uuid, uuid, uuid, int, timestamptz, jsonb),
  finish_bulk_target(uuid, uuid, uuid, int, jsonb), cancel_bulk_targets(uuid, uuid, uuid, timestamptz),
  load_runs(uuid, jsonb) TO warroom_app;
GRANT EXECUTE ON FUNCTION claim_bulk_actions(uuid, timestamptz, timestamptz, int, int), release_bulk_actions(uuid, uuid[]),
  sweep_bulk_results(timestamptz, int, timestamptz) TO warroom_platform;
