-- The only way anything is written: one statement a batch. It locks the organization's head, compares, numbers,
-- hashes, and writes the rows it is given. It knows no status, event type, severity or duration.

-- A function for one organization serves only who has that organization set.
CREATE FUNCTION assert_organization(of_organization uuid) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF of_organization IS DISTINCT FROM nullif(current_setting('warroom.organization', true), '')::uuid THEN
    RAISE EXCEPTION 'This connection acts for another organization.' USING ERRCODE = 'insufficient_privilege';
  END IF;
END
$$;

-- How statements here are written: their plans are kept for the life of a session, made while tables may be empty or
-- one organization huge among many small ones, so nothing is left for the planner to choose. Rows are found by their
-- whole key, one at a time: in a loop, or in a LATERAL subquery with OFFSET 0, which cannot be turned around. (Seen
-- otherwise: all rows of an organization read to find 64 of them.)

-- The rows of a batch, by table. `accepted` says of each change (by its ordinal, the rows' `o`) whether it is
-- committed. Where two changes write the same row, the later one wins.
CREATE FUNCTION write_names(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF rows ? 'service' THEN
    INSERT INTO service (organization_id, id, name, name_key)
    SELECT DISTINCT ON (r.id) org, r.id, r.name, r.name_key
    FROM jsonb_to_recordset(rows -> 'service') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.id
    ON CONFLICT (organization_id, id) DO NOTHING;
  END IF;
  IF rows ? 'team' THEN
    INSERT INTO team (organization_id, id, name, name_key)
    SELECT DISTINCT ON (r.id) org, r.id, r.name, r.name_key
    FROM jsonb_to_recordset(rows -> 'team') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.id
    ON CONFLICT (organization_id, id) DO NOTHING;
  END IF;
  IF rows ? 'project' THEN
    INSERT INTO project (organization_id, id, name, name_key)
    SELECT DISTINCT ON (r.id) org, r.id, r.name, r.name_key
    FROM jsonb_to_recordset(rows -> 'project') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.id
    ON CONFLICT (organization_id, id) DO NOTHING;
  END IF;
END
$$;

-- Ordinals of the changes that make a name somebody else has made since.
CREATE FUNCTION clashing_names(org uuid, rows jsonb) RETURNS int[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  clashing int[] := '{}';
BEGIN
  IF rows ? 'service' THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM jsonb_to_recordset(rows -> 'service') AS r (o int, id uuid, name_key text),
        LATERAL (SELECT n.id FROM service n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0) n
      WHERE n.id <> r.id);
  END IF;
  IF rows ? 'team' THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM jsonb_to_recordset(rows -> 'team') AS r (o int, id uuid, name_key text),
        LATERAL (SELECT n.id FROM team n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0) n
      WHERE n.id <> r.id);
  END IF;
  IF rows ? 'project' THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM jsonb_to_recordset(rows -> 'project') AS r (o int, id uuid, name_key text),
        LATERAL (SELECT n.id FROM project n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0) n
      WHERE n.id <> r.id);
  END IF;
  RETURN clashing;
END
$$;

CREATE FUNCTION write_signals(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  IF rows ? 'signal' THEN
    INSERT INTO signal (
      organization_id, id, incident_id, type, source, service_id, environment, project_id, summary, severity,
      fingerprint, correlation_key, trace_id, data_digest, at, cleared_at, firing, dedup_key, began_at, count,
      last_seen_at
    )
    SELECT DISTINCT ON (r.id) org, r.id, r.incident_id, r.type, r.source, r.service_id, r.environment, r.project_id,
      r.summary, r.severity, r.fingerprint, r.correlation_key, r.trace_id, r.data_digest, r.at, r.cleared_at,
      r.firing, r.dedup_key, r.began_at, r.count, r.last_seen_at
    FROM jsonb_to_recordset(rows -> 'signal') AS r (
      o int, id uuid, incident_id uuid, type text, source text, service_id uuid, environment text, project_id uuid,
      summary text, severity text, fingerprint text, correlation_key text, trace_id text, data_digest text,
      at timestamptz, cleared_at timestamptz, firing boolean, dedup_key text, began_at timestamptz, count int,
      last_seen_at timestamptz
    )
    WHERE accepted[r.o] ORDER BY r.id, r.o DESC
    -- One that is known went to another incident.
    ON CONFLICT (organization_id, id) DO UPDATE SET incident_id = excluded.incident_id, firing = excluded.firing,
      dedup_key = excluded.dedup_key;
  END IF;
  IF rows ? 'signal_data' THEN
    INSERT INTO signal_data (organization_id, signal_id, data)
    SELECT DISTINCT ON (r.signal_id) org, r.signal_id, r.data
    FROM jsonb_to_recordset(rows -> 'signal_data') AS r (o int, signal_id uuid, data text)
    WHERE accepted[r.o] ORDER BY r.signal_id, r.o
    ON CONFLICT (organization_id, signal_id) DO NOTHING;
  END IF;
  FOR item IN
    SELECT a.id, a.incident_id
    FROM jsonb_to_recordset(rows -> 'signal_attachment') AS a (o int, id uuid, incident_id uuid)
    WHERE accepted[a.o] ORDER BY a.id, a.o
  LOOP
    UPDATE signal s SET incident_id = item.incident_id WHERE s.organization_id = org AND s.id = item.id;
  END LOOP;
  FOR item IN
    SELECT c.id, c.cleared_at
    FROM jsonb_to_recordset(rows -> 'signal_clearing') AS c (o int, id uuid, cleared_at timestamptz)
    WHERE accepted[c.o] ORDER BY c.id, c.o
  LOOP
    UPDATE signal s SET cleared_at = item.cleared_at, firing = false WHERE s.organization_id = org AND s.id = item.id;
  END LOOP;
  FOR item IN
    SELECT t.id, sum(t.count)::int AS count, max(t.last_seen_at) AS last_seen_at
    FROM jsonb_to_recordset(rows -> 'signal_repeat') AS t (o int, id uuid, count int, last_seen_at timestamptz)
    WHERE accepted[t.o] GROUP BY t.id ORDER BY t.id
  LOOP
    UPDATE signal s SET count = s.count + item.count, last_seen_at = greatest(s.last_seen_at, item.last_seen_at)
    WHERE s.organization_id = org AND s.id = item.id;
  END LOOP;
END
$$;

CREATE FUNCTION write_incident_rows(org uuid, rows jsonb, deletes jsonb, accepted boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT DISTINCT ON (t.incident_id, t.tag) t.incident_id, t.tag, t.present
    FROM (
      SELECT a.*, true AS present
      FROM jsonb_to_recordset(rows -> 'incident_tag') AS a (o int, incident_id uuid, tag text)
      UNION ALL
      SELECT d.*, false
      FROM jsonb_to_recordset(deletes -> 'incident_tag') AS d (o int, incident_id uuid, tag text)
    ) t
    WHERE accepted[t.o] ORDER BY t.incident_id, t.tag, t.o DESC
  LOOP
    IF item.present THEN
      INSERT INTO incident_tag (organization_id, incident_id, tag) VALUES (org, item.incident_id, item.tag)
      ON CONFLICT DO NOTHING;
    ELSE
      DELETE FROM incident_tag t
      WHERE t.organization_id = org AND t.incident_id = item.incident_id AND t.tag = item.tag;
    END IF;
  END LOOP;
  IF rows ? 'incident_correlation_key' THEN
    INSERT INTO incident_correlation_key (organization_id, incident_id, correlation_key)
    SELECT org, r.incident_id, r.correlation_key
    FROM jsonb_to_recordset(rows -> 'incident_correlation_key')
      AS r (o int, incident_id uuid, correlation_key text)
    WHERE accepted[r.o]
    ON CONFLICT DO NOTHING;
  END IF;
  IF rows ? 'incident_action' THEN
    INSERT INTO incident_action (
      organization_id, id, incident_id, kind, label, details, actor_kind, actor_id, actor_role, at, version
    )
    SELECT org, r.id, r.incident_id, r.kind, r.label, r.details, r.actor_kind, r.actor_id, r.actor_role, r.at, r.version
    FROM jsonb_to_recordset(rows -> 'incident_action') AS r (
      o int, id uuid, incident_id uuid, kind text, label text, details text, actor_kind text, actor_id text,
      actor_role text, at timestamptz, version int
    )
    WHERE accepted[r.o];
  END IF;
  IF rows ? 'escalation' THEN
    INSERT INTO escalation (
      organization_id, id, incident_id, reason, rule, after_minutes, level, target, note, severity, at, version,
      acknowledged_at
    )
    SELECT org, r.id, r.incident_id, r.reason, r.rule, r.after_minutes, r.level, r.target, r.note, r.severity, r.at,
      r.version, r.acknowledged_at
    FROM jsonb_to_recordset(rows -> 'escalation') AS r (
      o int, id uuid, incident_id uuid, reason text, rule text, after_minutes double precision, level int,
      target text, note text, severity text, at timestamptz, version int, acknowledged_at timestamptz
    )
    WHERE accepted[r.o];
  END IF;
  -- An acknowledgement is of every escalation before it that has none yet.
  FOR item IN
    SELECT a.incident_id, a.version, a.acknowledged_at
    FROM jsonb_to_recordset(rows -> 'escalation_acknowledgement')
      AS a (o int, incident_id uuid, version int, acknowledged_at timestamptz)
    WHERE accepted[a.o] ORDER BY a.version
  LOOP
    UPDATE escalation e SET acknowledged_at = item.acknowledged_at
    WHERE e.organization_id = org AND e.incident_id = item.incident_id AND e.version < item.version
      AND e.acknowledged_at IS NULL;
  END LOOP;
  IF rows ? 'slo_violation' THEN
    INSERT INTO slo_violation (
      organization_id, id, incident_id, slo_id, window_start, window_end, error_budget_consumed,
      threshold_breached, period_days, details, at, version
    )
    SELECT org, r.id, r.incident_id, r.slo_id, r.window_start, r.window_end, r.error_budget_consumed,
      r.threshold_breached, r.period_days, r.details, r.at, r.version
    FROM jsonb_to_recordset(rows -> 'slo_violation') AS r (
      o int, id uuid, incident_id uuid, slo_id text, window_start timestamptz, window_end timestamptz,
      error_budget_consumed double precision, threshold_breached double precision, period_days int, details text,
      at timestamptz, version int
    )
    WHERE accepted[r.o];
  END IF;
  IF rows ? 'follow_up' THEN
    INSERT INTO follow_up (
      organization_id, id, incident_id, description, status, assignee_id, due_at, completed_at
    )
    SELECT DISTINCT ON (r.id) org, r.id, r.incident_id, r.description, r.status, r.assignee_id, r.due_at,
      r.completed_at
    FROM jsonb_to_recordset(rows -> 'follow_up') AS r (
      o int, id uuid, incident_id uuid, description text, status text, assignee_id text, due_at timestamptz,
      completed_at timestamptz
    )
    WHERE accepted[r.o] ORDER BY r.id, r.o DESC
    ON CONFLICT (organization_id, id) DO UPDATE SET description = excluded.description, status = excluded.status,
      assignee_id = excluded.assignee_id, due_at = excluded.due_at, completed_at = excluded.completed_at;
  END IF;
  IF rows ? 'timeline_visibility' THEN
    INSERT INTO timeline_visibility (organization_id, sequence, incident_id, is_public)
    SELECT DISTINCT ON (r.sequence) org, r.sequence, r.incident_id, r.is_public
    FROM jsonb_to_recordset(rows -> 'timeline_visibility')
      AS r (o int, sequence bigint, incident_id uuid, is_public boolean)
    WHERE accepted[r.o] ORDER BY r.sequence, r.o DESC
    ON CONFLICT (organization_id, sequence) DO UPDATE SET is_public = excluded.is_public;
  END IF;
END
$$;

-- `sequences`: the administration ledger's sequence of each change. Members and the catalogue are written by functions of
-- their own, made by later migrations.
CREATE FUNCTION write_administration_rows(org uuid, rows jsonb, accepted boolean[], sequences bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  IF rows ? 'policy' THEN
    INSERT INTO policy (organization_id, version, at, sequence, policy)
    SELECT org, r.version, r.at, sequences[r.o], r.policy
    FROM jsonb_to_recordset(rows -> 'policy') AS r (o int, version int, at timestamptz, policy text)
    WHERE accepted[r.o];
    -- Every open incident is to be planned again.
    INSERT INTO deadline (organization_id, incident_id, kind, key, due_at, attempts)
    SELECT org, '00000000-0000-0000-0000-000000000000', 'REPLAN', '', max(r.at), 0
    FROM jsonb_to_recordset(rows -> 'policy') AS r (o int, at timestamptz)
    WHERE accepted[r.o] HAVING count(*) > 0
    ON CONFLICT (organization_id, incident_id, kind, key) DO UPDATE
      SET due_at = excluded.due_at, lease_until = NULL, attempts = 0;
  END IF;
  IF rows ? 'api_key' THEN
    INSERT INTO api_key (
      organization_id, id, name, prefix, hash, role, scopes, created_at, created_by_kind, created_by_id,
      created_by_role, expires_at
    )
    SELECT org, r.id, r.name, r.prefix, decode(r.hash, 'hex'), r.role, r.scopes, r.created_at, r.created_by_kind,
      r.created_by_id, r.created_by_role, r.expires_at
    FROM jsonb_to_recordset(rows -> 'api_key') AS r (
      o int, id uuid, name text, prefix text, hash text, role text, scopes text[], created_at timestamptz,
      created_by_kind text, created_by_id text, created_by_role text, expires_at timestamptz
    )
    WHERE accepted[r.o];
  END IF;
  IF rows ?| ARRAY['organization_name', 'membership', 'membership_role', 'member_removal', 'invitation',
    'invitation_revocation']
  THEN
    PERFORM write_members(org, rows, accepted);
  END IF;
  IF rows ? 'api_key_rotation' THEN
    PERFORM write_key_rotations(org, rows, accepted);
  END IF;
  IF rows ? 'api_key_ingest' THEN
    PERFORM write_ingest_configurations(org, rows, accepted);
  END IF;
  IF rows ?| ARRAY['service_name', 'team_name', 'project_name', 'service_details', 'team_details', 'service_merge',
    'team_merge', 'project_merge', 'team_member', 'team_member_removal']
  THEN
    PERFORM write_catalogue(org, rows, accepted);
  END IF;
  IF rows ? 'action_webhook_secret' THEN
    PERFORM write_action_webhook_secrets(org, rows, accepted);
  END IF;
  IF rows ?| ARRAY['superadmin_grant', 'superadmin_revocation'] THEN
    PERFORM write_superadmins(org, rows, accepted);
  END IF;
  IF rows ?| ARRAY['published_event', 'published_event_withdrawal'] THEN
    PERFORM write_published_events(org, rows, accepted);
  END IF;
  FOR item IN
    SELECT v.id, v.revoked_at
    FROM jsonb_to_recordset(rows -> 'api_key_revocation') AS v (o int, id uuid, revoked_at timestamptz)
    WHERE accepted[v.o] ORDER BY v.id, v.o
  LOOP
    UPDATE api_key k SET revoked_at = item.revoked_at
    WHERE k.organization_id = org AND k.id = item.id AND k.revoked_at IS NULL;
  END LOOP;
END
$$;

-- What holders of dedup keys are after a change, or whose key it may not take (out: taken_by). By key: {incident, held};
-- a key that was given back remembers who held it last.
CREATE FUNCTION moved_dedup_keys(
  holders jsonb, of_incident text, take text[], retake text[], release text[], OUT moved jsonb, OUT taken_by uuid
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  k text;
  ours CONSTANT jsonb := jsonb_build_object('incident', of_incident, 'held', true);
BEGIN
  moved := holders;
  FOREACH k IN ARRAY coalesce(take, '{}') LOOP
    IF (moved -> k ->> 'held')::boolean AND moved -> k <> ours THEN
      taken_by := (moved -> k ->> 'incident')::uuid;
      RETURN;
    END IF;
    moved := moved || jsonb_build_object(k, ours);
  END LOOP;
  FOREACH k IN ARRAY coalesce(retake, '{}') LOOP
    IF NOT coalesce((moved -> k ->> 'held')::boolean, false) THEN
      moved := moved || jsonb_build_object(k, ours);
    END IF;
  END LOOP;
  FOREACH k IN ARRAY coalesce(release, '{}') LOOP
    IF moved -> k = ours THEN
      moved := moved || jsonb_build_object(k, ours || '{"held": false}');
    END IF;
  END LOOP;
END
$$;

-- Commits a batch of one organization; answers with one outcome per change, and with sequence, previous hash and hash
-- of each event (null where its change is not committed), in order. Never inside BEGIN: the head row stays locked
-- until the transaction ends. What a batch does not need costs it no statement and no expression: a function's
-- expressions are prepared anew in every transaction, and for a batch of one that is most of the work. `changes` is the
-- batch turned on its side, so that each table is written once however many changes it holds; `o` is the ordinal of the
-- change a row belongs to, from 1:
--   at         when the batch is written (kept with idempotency keys)
--   shape      the newest shape of states that whoever decided this knows
--   changes    [{o, incident, base, administration, events, moves, carries, policy, plan, gate_before, gate_after,
--               partner, keyed, take, retake, release, principal, key, digest}]
--   events     [{o, ledger, incident, version, type, command, at, public, severity, body}], in order
--   states     [{o, shape, state, policy_version}], lists [{o, …columns}], texts [{o, title, description, notes}]
--   snapshots  [{o, version, at, shape, state}], deadlines [{o, kind, key, due_at}]
--   rows, deletes  {table: [{o, …columns}]}
--   plain      [{o, slot, incident, base, gate_before, version, gate_after, shape, carrier, planner}]: what is needed to
--              see at a glance that all of it can be committed; left out where that takes a closer look. `slot`: ordinal
--              of the first change of the same incident, and there `version` and `gate_after` as all of them leave it,
--              `carrier` and `planner` the ordinals of those that bring its state and its deadlines.
-- `administration`: where the administration ledger stood when the change was decided (null: it does not matter).
-- `events`: how many of them are the incident's own; `moves`: there are any, of either ledger.
-- `carries`: the change brings the incident's state; one that moves and does not must be followed by one that does.
-- `partner`: ordinal of the change of another incident that is committed with this one, or neither is.
-- `gate_before`, `gate_after`: since when the incident blocks sessions; compared like its version, then set.
-- `plan`: kinds and keys of the deadlines the incident has from here on (null: as they were).
CREATE FUNCTION commit(organization uuid, policy_version int, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_material = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  org CONSTANT uuid := organization;
  nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  metas CONSTANT jsonb := changes -> 'changes';
  rows CONSTANT jsonb := changes -> 'rows';
  deletes CONSTANT jsonb := changes -> 'deletes';
  n CONSTANT int := jsonb_array_length(metas);
  batch_at CONSTANT timestamptz := changes ->> 'at';
  names boolean;
  plain boolean := false;
  declares boolean;
  head ledger_head;
  administration ledger_head;
  c record;
  e record;
  clashing int[] := '{}';
  stored_holders jsonb;
  holders jsonb;
  moved record;
  policy_now int;
  number_now int;
  -- By ordinal of the change.
  kinds text[];
  details jsonb[];
  accepted boolean[];
  denied boolean[];
  slots int[];
  incidents uuid[];
  moving boolean[];
  carrying boolean[];
  partners int[];
  firsts bigint[];
  lasts bigint[];
  ledgers smallint[];
  -- By slot: the ordinal of the first change of the same incident.
  broken boolean[];
  was_broken boolean;
  versions int[];
  gates timestamptz[];
  numbers int[];
  carriers int[];
  planners int[];
  last_sequences bigint[];
  -- By position of the event; hashes as hexadecimal text.
  sequences bigint[] := '{}';
  previous text[] := '{}';
  hashes text[] := '{}';
  hash_now text;
  prefix bytea;
  plan jsonb;
  slot int;
  again boolean;
  -- A clearing came early meanwhile that may be of what these attach.
  overtaken boolean;
BEGIN
  IF org IS DISTINCT FROM nullif(current_setting('warroom.organization', true), '')::uuid THEN
    PERFORM assert_organization(org);
  END IF;
  -- Whoever waits here sees, in every later statement, all that the holder committed.
  SELECT * INTO head FROM ledger_head h WHERE h.organization_id = org AND h.ledger = 0 FOR UPDATE;
  IF head.organization_id IS NULL THEN
    RAISE EXCEPTION 'There is no organization %.', org USING ERRCODE = 'no_data_found';
  END IF;
  overtaken := coalesce((changes -> 'early_clearings')::bigint <> head.early_clearings, false);
  IF changes ? 'administration' THEN
    SELECT * INTO administration FROM ledger_head h WHERE h.organization_id = org AND h.ledger = 1 FOR UPDATE;
  END IF;

  -- At a glance: nearly always everything fits what is stored.
  IF changes ? 'plain' AND head.policy_version = policy_version AND NOT overtaken THEN
    SELECT bool_and(m.slot <> m.o OR (
        coalesce(i.version, 0) = m.base AND i.gate_blocked_at IS NOT DISTINCT FROM m.gate_before
        AND NOT coalesce(i.shape > m.shape, false))),
      bool_or(m.slot = m.o AND i.number IS NULL),
      array_agg(m.slot), array_agg(m.incident), array_agg(m.version), array_agg(m.gate_after), array_agg(i.number),
      array_agg(m.carrier), array_agg(m.planner)
    INTO plain, declares, slots, incidents, versions, gates, numbers, carriers, planners
    FROM jsonb_to_recordset(changes -> 'plain') AS m (
      o int, slot int, incident uuid, base int, gate_before timestamptz, version int, gate_after timestamptz,
      shape smallint, carrier int, planner int
    )
    LEFT JOIN LATERAL (
      SELECT v.version, v.gate_blocked_at, v.number, v.shape FROM incident v
      WHERE v.organization_id = org AND v.id = m.incident AND m.slot = m.o OFFSET 0
    ) i ON true;
    IF plain AND changes ? 'requested' THEN
      SELECT NOT EXISTS (
        SELECT FROM jsonb_to_recordset(metas) AS m (principal text, key text),
          LATERAL (
            SELECT FROM idempotency_request a
            WHERE a.organization_id = org AND a.principal = m.principal AND a.key = m.key OFFSET 0
          ) r
      ) INTO plain;
    END IF;
  END IF;
  policy_now := head.policy_version;
  number_now := head.number;
  IF plain THEN
    accepted := array_fill(true, ARRAY[n]);
    IF declares THEN
      FOR i IN 1 .. n LOOP
        IF slots[i] = i AND numbers[i] IS NULL THEN
          number_now := number_now + 1;
          numbers[i] := number_now;
        END IF;
      END LOOP;
    END IF;
  ELSE
    names := coalesce(
      rows ?| ARRAY['service', 'team', 'project', 'service_name', 'team_name', 'project_name'], false);
    IF names THEN
      clashing := clashing_names(org, rows);
    END IF;
    stored_holders := '{}';
    IF changes ? 'keyed' THEN
      SELECT coalesce(jsonb_object_agg(d.key, jsonb_build_object('incident', d.incident_id, 'held', d.held)), '{}')
      INTO stored_holders
      FROM (
        SELECT DISTINCT k.key
        FROM jsonb_to_recordset(metas) AS m (take text[], retake text[], release text[]),
          unnest(m.take || m.retake || m.release) AS k (key)
      ) k,
        LATERAL (SELECT h.* FROM dedup_key h WHERE h.organization_id = org AND h.key = k.key OFFSET 0) d;
    END IF;
    details := array_fill(NULL::jsonb, ARRAY[n]);
    denied := array_fill(overtaken, ARRAY[n]);
    slots := array_fill(NULL::int, ARRAY[n]);
    incidents := array_fill(NULL::uuid, ARRAY[n]);
    moving := array_fill(false, ARRAY[n]);
    carrying := array_fill(false, ARRAY[n]);
    partners := array_fill(NULL::int, ARRAY[n]);
    sequences := array_fill(NULL::bigint, ARRAY[coalesce(jsonb_array_length(changes -> 'events'), 0)]);
    previous := array_fill(NULL::text, ARRAY[coalesce(jsonb_array_length(changes -> 'events'), 0)]);
    hashes := previous;

    -- Compare one by one. A change that leaves its state to a later one cannot stand without it, nor one without its
    -- partner: such changes are denied, and all are compared again.
    LOOP
      kinds := array_fill('conflict'::text, ARRAY[n]);
      accepted := array_fill(false, ARRAY[n]);
      versions := array_fill(NULL::int, ARRAY[n]);
      gates := array_fill(NULL::timestamptz, ARRAY[n]);
      numbers := array_fill(NULL::int, ARRAY[n]);
      carriers := array_fill(NULL::int, ARRAY[n]);
      planners := array_fill(NULL::int, ARRAY[n]);
      broken := array_fill(false, ARRAY[n]);
      policy_now := head.policy_version;
      number_now := head.number;
      holders := stored_holders;
      again := false;
      FOR c IN
        SELECT m.*, i.version AS stored_version, i.number, i.gate_blocked_at, i.shape AS stored_shape,
          min(m.o) OVER (PARTITION BY m.incident) AS slot,
          min(m.o) OVER (PARTITION BY m.principal, m.key) AS first_request,
          r.digest AS answered_digest, r.ledger AS answered_ledger, r.incident_id AS answered_incident,
          r.first_sequence, r.last_sequence
        FROM jsonb_to_recordset(metas) AS m (
          o int, incident uuid, base int, administration bigint, events int, moves boolean, carries boolean,
          partner int, policy int, planned boolean, gate_before timestamptz, gate_after timestamptz, keyed boolean,
          take text[], retake text[], release text[], principal text, key text, free text
        )
        LEFT JOIN LATERAL (
          SELECT v.version, v.number, v.gate_blocked_at, v.shape FROM incident v
          WHERE v.organization_id = org AND v.id = m.incident OFFSET 0
        ) i ON true
        LEFT JOIN LATERAL (
          SELECT a.digest, a.ledger, a.incident_id, a.first_sequence, a.last_sequence FROM idempotency_request a
          WHERE a.organization_id = org AND a.principal = m.principal AND a.key = m.key OFFSET 0
        ) r ON true
        ORDER BY m.o
      LOOP
        slot := c.slot;
        slots[c.o] := slot;
        incidents[c.o] := c.incident;
        moving[c.o] := c.moves;
        carrying[c.o] := c.carries;
        partners[c.o] := c.partner;
        IF slot = c.o THEN
          versions[slot] := coalesce(c.stored_version, 0);
          numbers[slot] := CASE WHEN c.incident IS NULL THEN 0 ELSE c.number END;
          gates[slot] := c.gate_blocked_at;
        END IF;
        -- What was decided on a change that is not committed cannot be either, even where the version happens to fit.
        was_broken := broken[slot];
        IF c.incident IS NOT NULL AND c.moves THEN
          broken[slot] := true;
        END IF;
        IF c.answered_digest IS NOT NULL THEN
          kinds[c.o] := 'replayed';
          details[c.o] := jsonb_build_object(
            'digest', encode(c.answered_digest, 'hex'), 'ledger', c.answered_ledger,
            'incident', c.answered_incident, 'first', c.first_sequence, 'last', c.last_sequence);
          CONTINUE;
        END IF;
        IF c.principal IS NOT NULL AND c.first_request < c.o AND accepted[c.first_request] THEN
          kinds[c.o] := 'twin';
          details[c.o] := to_jsonb(c.first_request);
          CONTINUE;
        END IF;
        IF policy_version <> policy_now THEN
          kinds[c.o] := 'policyMoved';
          CONTINUE;
        END IF;
        CONTINUE WHEN denied[c.o] OR was_broken
          OR c.base <> (CASE WHEN c.incident IS NULL THEN policy_now ELSE versions[slot] END)
          OR c.policy <> policy_now + 1
          OR c.administration <> administration.sequence
          -- What an early clearing may be of came meanwhile.
          OR (c.free IS NOT NULL AND EXISTS (
            SELECT FROM dedup_key h WHERE h.organization_id = org AND h.key = c.free AND h.held))
          OR (c.incident IS NOT NULL AND c.gate_before IS DISTINCT FROM gates[slot])
          -- A newer program has been here: what it wrote is not for this one to write over.
          OR c.stored_shape > (changes -> 'shape')::int;
        IF c.keyed THEN
          SELECT * INTO moved FROM moved_dedup_keys(holders, c.incident::text, c.take, c.retake, c.release);
          IF moved.taken_by IS NOT NULL THEN
            kinds[c.o] := 'keyTaken';
            details[c.o] := to_jsonb(moved.taken_by);
            CONTINUE;
          END IF;
        END IF;
        CONTINUE WHEN c.o = ANY (clashing);

        kinds[c.o] := 'committed';
        accepted[c.o] := true;
        broken[slot] := was_broken;
        IF c.keyed THEN
          holders := moved.moved;
        END IF;
        IF c.policy IS NOT NULL THEN
          policy_now := c.policy;
        END IF;
        IF c.incident IS NOT NULL THEN
          IF numbers[slot] IS NULL AND c.events > 0 THEN
            number_now := number_now + 1;
            numbers[slot] := number_now;
          END IF;
          versions[slot] := versions[slot] + c.events;
          gates[slot] := c.gate_after;
          IF c.carries THEN
            carriers[slot] := c.o;
          END IF;
        END IF;
        IF c.planned THEN
          planners[slot] := c.o;
        END IF;
      END LOOP;
      FOR i IN 1 .. n LOOP
        IF accepted[i] AND (NOT accepted[partners[i]] OR (
          NOT carrying[i] AND moving[i] AND incidents[i] IS NOT NULL AND coalesce(carriers[slots[i]], 0) < i))
        THEN
          denied[i] := true;
          again := true;
        END IF;
      END LOOP;
      EXIT WHEN NOT again;
    END LOOP;
  END IF;

  -- Number and hash, in order:
  -- SHA-256('warroom.1' || organization 16 B || ledger 1 B || sequence int8 || number int8 || previous 32 B || body).
  prefix := '\x776172726f6f6d2e31'::bytea || uuid_send(org);
  hash_now := encode(head.hash, 'hex');
  FOR e IN
    SELECT r.p, r.o, r.ledger, r.body
    FROM ROWS FROM (jsonb_to_recordset(changes -> 'events') AS (o int, ledger smallint, body text))
      WITH ORDINALITY AS r (o, ledger, body, p)
  LOOP
    CONTINUE WHEN NOT accepted[e.o];
    IF e.ledger = 0 THEN
      slot := slots[e.o];
      head.sequence := head.sequence + 1;
      sequences[e.p] := head.sequence;
      last_sequences[slot] := head.sequence;
      previous[e.p] := hash_now;
      head.hash := sha256(prefix || '\x00'::bytea || int8send(head.sequence) || int8send(numbers[slot]::bigint)
        || head.hash || convert_to(e.body, 'UTF8'));
      hash_now := encode(head.hash, 'hex');
      hashes[e.p] := hash_now;
    ELSE
      administration.sequence := administration.sequence + 1;
      sequences[e.p] := administration.sequence;
      previous[e.p] := encode(administration.hash, 'hex');
      administration.hash := sha256(prefix || '\x01'::bytea || int8send(administration.sequence)
        || int8send(0::bigint) || administration.hash || convert_to(e.body, 'UTF8'));
      hashes[e.p] := encode(administration.hash, 'hex');
    END IF;
    CONTINUE WHEN plain AND NOT changes ? 'requested';
    -- The answer to a change of an incident is its own events; what it noted for administrators is beside them.
    IF incidents[e.o] IS NULL OR e.ledger = 0 THEN
      firsts[e.o] := coalesce(firsts[e.o], sequences[e.p]);
      lasts[e.o] := sequences[e.p];
      ledgers[e.o] := e.ledger;
    END IF;
  END LOOP;

  IF changes ? 'events' THEN
    INSERT INTO ledger_event (
      organization_id, ledger, sequence, number, incident_id, version, type, command_id, at, is_public, severity,
      previous_hash, hash, body
    )
    SELECT org, r.ledger, sequences[r.p], CASE r.ledger WHEN 0 THEN numbers[slots[r.o]] ELSE 0 END, r.incident,
      r.version, r.type, r.command, r.at, r.public, r.severity, decode(previous[r.p], 'hex'),
      decode(hashes[r.p], 'hex'), r.body
    FROM ROWS FROM (jsonb_to_recordset(changes -> 'events') AS (
      o int, ledger smallint, incident uuid, version int, type text, command uuid, at timestamptz, public boolean,
      severity text, body text
    )) WITH ORDINALITY AS r (o, ledger, incident, version, type, command, at, public, severity, body, p)
    WHERE accepted[r.o];
  END IF;

  IF names THEN
    PERFORM write_names(org, rows, accepted);
  END IF;

  IF changes ? 'states' THEN
    INSERT INTO incident (
      organization_id, id, number, version, sequence, policy_version, gate_blocked_at, shape, state
    )
    SELECT org, incidents[s.o], numbers[slots[s.o]], versions[slots[s.o]], coalesce(last_sequences[slots[s.o]], 1),
      s.policy_version, gates[slots[s.o]], s.shape, s.state
    FROM jsonb_to_recordset(changes -> 'states') AS s (o int, policy_version int, shape smallint, state text)
    WHERE carriers[slots[s.o]] = s.o
    ON CONFLICT (organization_id, id) DO UPDATE SET version = excluded.version,
      sequence = greatest(incident.sequence, excluded.sequence), policy_version = excluded.policy_version,
      gate_blocked_at = excluded.gate_blocked_at, shape = excluded.shape, state = excluded.state;
  END IF;
  IF changes ? 'lists' THEN
    INSERT INTO incident_list (
      organization_id, incident_id, number, status, severity, severity_rank, mode, title, source, type, environment,
      service_id, project_id, owner_team_id, assignee_id, is_open, acknowledged, has_notes, has_root_cause,
      sla_breached, overdue_at, detected_at, reported_at, ended_at, resolved_at, merged_into
    )
    SELECT DISTINCT ON (slots[l.o]) org, incidents[l.o], numbers[slots[l.o]], l.status, l.severity, l.severity_rank,
      l.mode, l.title, l.source, l.type, l.environment, l.service_id, l.project_id, l.owner_team_id, l.assignee_id,
      l.is_open, l.acknowledged, l.has_notes, l.has_root_cause, l.sla_breached, l.overdue_at, l.detected_at,
      l.reported_at, l.ended_at, l.resolved_at, l.merged_into
    FROM jsonb_to_recordset(changes -> 'lists') AS l (
      o int, status text, severity text, severity_rank smallint, mode text, title text, source text, type text,
      environment text, service_id uuid, project_id uuid, owner_team_id uuid, assignee_id text, is_open boolean,
      acknowledged boolean, has_notes boolean, has_root_cause boolean, sla_breached boolean, overdue_at timestamptz,
      detected_at timestamptz, reported_at timestamptz, ended_at timestamptz, resolved_at timestamptz,
      merged_into uuid
    )
    WHERE accepted[l.o] ORDER BY slots[l.o], l.o DESC
    ON CONFLICT (organization_id, incident_id) DO UPDATE SET
      status = excluded.status, severity = excluded.severity, severity_rank = excluded.severity_rank,
      mode = excluded.mode, title = excluded.title, source = excluded.source, type = excluded.type,
      environment = excluded.environment, service_id = excluded.service_id, project_id = excluded.project_id,
      owner_team_id = excluded.owner_team_id, assignee_id = excluded.assignee_id, is_open = excluded.is_open,
      acknowledged = excluded.acknowledged, has_notes = excluded.has_notes,
      has_root_cause = excluded.has_root_cause, sla_breached = excluded.sla_breached,
      overdue_at = excluded.overdue_at, detected_at = excluded.detected_at, reported_at = excluded.reported_at,
      ended_at = excluded.ended_at, resolved_at = excluded.resolved_at, merged_into = excluded.merged_into;
  END IF;
  IF changes ? 'texts' THEN
    INSERT INTO incident_text (organization_id, incident_id, title, description, notes)
    SELECT DISTINCT ON (slots[t.o]) org, incidents[t.o], t.title, t.description, t.notes
    FROM jsonb_to_recordset(changes -> 'texts') AS t (o int, title text, description text, notes text)
    WHERE accepted[t.o] ORDER BY slots[t.o], t.o DESC
    ON CONFLICT (organization_id, incident_id) DO UPDATE SET
      title = excluded.title, description = excluded.description, notes = excluded.notes;
  END IF;
  IF changes ? 'snapshots' THEN
    INSERT INTO incident_snapshot (organization_id, incident_id, version, sequence, policy_version, at, shape, state)
    SELECT org, incidents[s.o], s.version, v.sequence, policy_version, s.at, s.shape, s.state
    FROM jsonb_to_recordset(changes -> 'snapshots')
      AS s (o int, version int, at timestamptz, shape smallint, state text),
      LATERAL (
        SELECT l.sequence FROM ledger_event l
        WHERE l.organization_id = org AND l.incident_id = incidents[s.o] AND l.version = s.version OFFSET 0
      ) v
    WHERE accepted[s.o]
    ON CONFLICT DO NOTHING;
  END IF;

  IF changes ? 'planned' THEN
    FOR i IN 1 .. n LOOP
      CONTINUE WHEN planners[slots[i]] IS DISTINCT FROM i;
      plan := metas -> (i - 1) -> 'plan';
      DELETE FROM deadline d
      WHERE d.organization_id = org AND d.incident_id = coalesce(incidents[i], nobody)
        AND NOT plan ? (d.kind || ' ' || d.key);
    END LOOP;
    INSERT INTO deadline (organization_id, incident_id, kind, key, due_at, attempts)
    SELECT org, coalesce(incidents[r.o], nobody), r.kind, r.key, r.due_at, 0
    FROM jsonb_to_recordset(changes -> 'deadlines') AS r (o int, kind text, key text, due_at timestamptz)
    LEFT JOIN LATERAL (
      SELECT p.due_at, p.lease_until, p.attempts FROM deadline p
      WHERE p.organization_id = org AND p.incident_id = coalesce(incidents[r.o], nobody)
        AND p.kind = r.kind AND p.key = r.key OFFSET 0
    ) d ON true
    -- Most stay as they were; a row that is not touched costs nothing.
    WHERE planners[slots[r.o]] = r.o
      AND (d.due_at IS DISTINCT FROM r.due_at OR d.lease_until IS NOT NULL OR d.attempts <> 0)
    ON CONFLICT (organization_id, incident_id, kind, key) DO UPDATE
      SET due_at = excluded.due_at, lease_until = NULL, attempts = 0;
  END IF;

  IF holders <> stored_holders THEN
    INSERT INTO dedup_key (organization_id, key, incident_id, held)
    SELECT org, h.key, (h.holder ->> 'incident')::uuid, (h.holder ->> 'held')::boolean
    FROM jsonb_each(holders) AS h (key, holder)
    WHERE stored_holders -> h.key IS DISTINCT FROM h.holder
    ON CONFLICT (organization_id, key) DO UPDATE SET incident_id = excluded.incident_id, held = excluded.held;
  END IF;

  IF changes ? 'requested' THEN
    INSERT INTO idempotency_request (
      organization_id, principal, key, digest, ledger, incident_id, first_sequence, last_sequence, at
    )
    SELECT org, m.principal, m.key, decode(m.digest, 'hex'),
      coalesce(ledgers[m.o], CASE WHEN m.incident IS NULL THEN 1 ELSE 0 END), m.incident, firsts[m.o], lasts[m.o],
      coalesce(batch_at, head.at)
    FROM jsonb_to_recordset(metas) AS m (o int, incident uuid, principal text, key text, digest text)
    WHERE accepted[m.o] AND m.principal IS NOT NULL;
  END IF;

  IF rows IS NOT NULL OR deletes IS NOT NULL THEN
    PERFORM write_signals(org, rows, accepted);
    PERFORM write_incident_rows(org, rows, deletes, accepted);
    PERFORM write_administration_rows(org, rows, accepted, lasts);
    IF rows ? 'engagement' THEN
      PERFORM write_engagement(org, rows, accepted);
    END IF;
    IF rows ? 'early_clearing' THEN
      PERFORM write_early_clearings(org, rows, accepted);
    END IF;
    IF rows ? 'lost_signal' THEN
      PERFORM write_lost_signals(org, rows, accepted);
    END IF;
    IF rows ?| ARRAY['run', 'run_burst', 'run_target'] THEN
      PERFORM write_runs(org, rows, accepted);
    END IF;
    IF rows ? 'synced_target' THEN
      PERFORM write_synced_targets(org, rows, accepted);
    END IF;
    IF rows ?| ARRAY['bulk_action', 'bulk_action_cancellation', 'bulk_action_finish'] THEN
      PERFORM write_bulk_actions(org, rows, accepted);
    END IF;
    IF rows ? 'reported_error' THEN
      PERFORM write_errors(org, rows, accepted);
    END IF;
  END IF;

  UPDATE ledger_head h SET sequence = head.sequence, number = number_now, policy_version = policy_now,
    hash = head.hash, at = greatest(h.at, batch_at)
  WHERE h.organization_id = org AND h.ledger = 0
    AND (h.sequence, h.number, h.policy_version) <> (head.sequence, number_now, policy_now);
  IF administration.organization_id IS NOT NULL THEN
    UPDATE ledger_head h SET sequence = administration.sequence, policy_version = policy_now,
      hash = administration.hash, at = greatest(h.at, batch_at)
    WHERE h.organization_id = org AND h.ledger = 1 AND h.sequence <> administration.sequence;
  END IF;

  IF plain THEN
    RETURN jsonb_build_object('sequences', sequences, 'previous', previous, 'hashes', hashes, 'numbers', numbers);
  END IF;
  RETURN jsonb_build_object(
    'sequences', sequences, 'previous', previous, 'hashes', hashes,
    'outcomes', (SELECT jsonb_agg(
      CASE kinds[k.o]
        WHEN 'committed' THEN jsonb_build_object('kind', 'committed', 'number', coalesce(numbers[slots[k.o]], 0))
        WHEN 'replayed' THEN jsonb_build_object('kind', 'replayed', 'request', details[k.o])
        -- The same key twice in one batch: the first one's answer.
        WHEN 'twin' THEN jsonb_build_object('kind', 'replayed', 'request', jsonb_build_object(
          'digest', metas -> (details[k.o]::int - 1) ->> 'digest',
          'ledger', coalesce(ledgers[details[k.o]::int],
            CASE WHEN incidents[details[k.o]::int] IS NULL THEN 1 ELSE 0 END),
          'incident', incidents[details[k.o]::int],
          'first', firsts[details[k.o]::int], 'last', lasts[details[k.o]::int]))
        WHEN 'keyTaken' THEN jsonb_build_object('kind', 'keyTaken', 'incident', details[k.o])
        ELSE jsonb_build_object('kind', kinds[k.o])
      END ORDER BY k.o)
    FROM generate_series(1, n) AS k (o)));
END
$$;
