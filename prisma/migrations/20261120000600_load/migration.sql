-- Everything one batch of commands needs to be decided, in one statement and (being STABLE) one snapshot. It runs as
-- whoever asks, under row-level security; it is a function only so that its plans are kept. `request` holds lists,
-- left out when empty: incidents, dedup_keys, episodes [[dedup key, fingerprint, since when]], requests [{principal, key}],
-- names [{kind, key}], users, signals, fingerprints [{of: a dedup key, an incident or null for all, list}], all_open_of
-- (dedup keys), sequences, api_keys, errors [{source, id}], runs (what `load_runs` takes), joinable
-- (what `load_joinable` takes), and administration (what `load_administration` takes); later migrations make these
-- functions, and those that load signals. Rows are arrays, in the order selected here.
-- Texts become ids before the lookup: a cast is not leakproof, and would keep the key from being one.
CREATE FUNCTION load(organization uuid, request jsonb) RETURNS json
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
DECLARE
  org CONSTANT uuid := organization;
  head json;
  held json;
  holders uuid[] := '{}';
  named jsonb := '{}';
  all_open_of text[] := '{}';
  wanted uuid[];
  incidents json;
  answers json;
  names json;
  members json;
  signals json;
  open_signals json;
  episodes_sought boolean := false;
  ended json;
  early json;
  timeline json;
  keys json;
  joinable json;
  joined uuid[] := '{}';
  errors json;
  runs json;
  of_bursts uuid[] := '{}';
  found record;
  administration json;
BEGIN
  SELECT json_build_array(h.sequence, h.policy_version, p.policy::json, h.early_clearings) INTO head
  FROM ledger_head h JOIN policy p ON p.organization_id = h.organization_id AND p.version = h.policy_version
  WHERE h.organization_id = org AND h.ledger = 0;

  IF request ? 'dedup_keys' THEN
    SELECT json_agg(json_build_array(d.key, d.incident_id, d.held)), array_agg(d.incident_id),
      jsonb_object_agg(d.key, d.incident_id),
      array_agg(d.key) FILTER (WHERE coalesce(request -> 'all_open_of' ? d.key, false))
    INTO held, holders, named, all_open_of
    FROM jsonb_array_elements_text(request -> 'dedup_keys') AS k (key),
      LATERAL (SELECT h.* FROM dedup_key h WHERE h.organization_id = org AND h.key = k.key OFFSET 0) d;
  END IF;
  IF request ? 'runs' THEN
    SELECT * INTO found FROM load_runs(org, request -> 'runs');
    of_bursts := coalesce(found.of_bursts, '{}');
    runs := row_to_json(found);
  END IF;
  IF request ? 'joinable' THEN
    SELECT json_agg(json_build_array(j.kind, j.key, j.incident_id)), array_agg(j.incident_id) INTO joinable, joined
    FROM load_joinable(org, request -> 'joinable') j;
  END IF;
  wanted := ARRAY(
    SELECT w.id::uuid FROM jsonb_array_elements_text(coalesce(request -> 'incidents', '[]')) AS w (id)
    UNION SELECT unnest(holders)
    UNION SELECT unnest(joined)
    UNION SELECT unnest(of_bursts));
  IF cardinality(wanted) > 0 THEN
    -- A state is JSON text already, and goes into the answer as it is.
    SELECT json_agg(json_build_array(
      i.id, i.number, i.sequence, i.version, i.policy_version, i.shape, i.state::json, t.description, t.notes,
      i.gate_blocked_at))
    INTO incidents
    FROM unnest(wanted) AS w (id),
      LATERAL (SELECT v.* FROM incident v WHERE v.organization_id = org AND v.id = w.id OFFSET 0) i,
      LATERAL (
        SELECT x.description, x.notes FROM incident_text x
        WHERE x.organization_id = org AND x.incident_id = i.id OFFSET 0
      ) t;
  END IF;
  IF request ? 'requests' THEN
    SELECT json_agg(json_build_array(
      r.principal, r.key, encode(r.digest, 'hex'), r.ledger, r.incident_id, r.first_sequence, r.last_sequence))
    INTO answers
    FROM jsonb_to_recordset(request -> 'requests') AS q (principal text, key text),
      LATERAL (
        SELECT a.* FROM idempotency_request a
        WHERE a.organization_id = org AND a.principal = q.principal AND a.key = q.key OFFSET 0
      ) r;
  END IF;
  IF request ? 'names' THEN
    -- The name of an alias leads to what it was merged into.
    SELECT json_agg(json_build_array(n.kind, n.name, n.id)) INTO names
    FROM (
      SELECT q.kind, n.name, coalesce(n.merged_into, n.id) AS id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text),
        LATERAL (SELECT * FROM service v WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0) n
      WHERE q.kind = 'SERVICE'
      UNION ALL
      SELECT q.kind, n.name, coalesce(n.merged_into, n.id) AS id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text),
        LATERAL (SELECT * FROM team v WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0) n
      WHERE q.kind = 'TEAM'
      UNION ALL
      SELECT q.kind, n.name, coalesce(n.merged_into, n.id) AS id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text),
        LATERAL (SELECT * FROM project v WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0) n
      WHERE q.kind = 'PROJECT'
    ) n;
  END IF;
  IF request ? 'users' THEN
    SELECT json_agg(m.user_id) INTO members
    FROM jsonb_array_elements_text(request -> 'users') AS u (id),
      LATERAL (SELECT v.user_id FROM membership v WHERE v.organization_id = org AND v.user_id = u.id OFFSET 0) m;
  END IF;
  IF request ? 'signals' THEN
    signals := load_signals(org, request -> 'signals');
  END IF;
  IF cardinality(all_open_of) > 0 OR (request ? 'fingerprints' AND cardinality(wanted) > 0) THEN
    open_signals := load_open_signals(
      org, wanted, coalesce(all_open_of, '{}'), coalesce(named, '{}'), coalesce(request -> 'fingerprints', '[]'));
  END IF;
  -- Nearly always what fires is known to: then nobody needs to know what was over before. Who does asks again.
  IF request ? 'episodes' AND (request ? 'in_any_case' OR cardinality(all_open_of) > 0
    OR coalesce(json_array_length(open_signals), 0) < jsonb_array_length(request -> 'episodes'))
  THEN
    episodes_sought := true;
    IF named <> '{}' THEN
      SELECT json_agg(json_build_array(s.dedup_key, s.fingerprint, s.began_at)) INTO ended
      FROM (
        SELECT x.e ->> 0 AS key, x.e ->> 1 AS fingerprint, (x.e ->> 2)::timestamptz AS began_at
        FROM jsonb_array_elements(request -> 'episodes') AS x (e)
        WHERE named ? (x.e ->> 0)
        OFFSET 0
      ) q,
        LATERAL (
          SELECT v.dedup_key, v.fingerprint, v.began_at FROM signal v
          WHERE v.organization_id = org AND v.dedup_key = q.key AND v.fingerprint = q.fingerprint
            AND v.began_at = q.began_at AND v.cleared_at IS NOT NULL
          LIMIT 1
        ) s;
    END IF;
    SELECT json_agg(json_build_array(c.dedup_key, c.fingerprint, c.ended_at)) INTO early
    FROM (
      SELECT x.e ->> 0 AS key, x.e ->> 1 AS fingerprint FROM jsonb_array_elements(request -> 'episodes') AS x (e)
      OFFSET 0
    ) q,
      LATERAL (
        SELECT v.dedup_key, v.fingerprint, v.ended_at FROM early_clearing v
        WHERE v.organization_id = org AND v.dedup_key = q.key AND v.fingerprint IN ('', q.fingerprint)
        OFFSET 0
      ) c;
  END IF;
  IF request ? 'sequences' THEN
    SELECT json_agg(json_build_array(e.sequence, e.incident_id, coalesce(v.is_public, e.is_public))) INTO timeline
    FROM (
      SELECT x.sequence::bigint AS sequence FROM jsonb_array_elements_text(request -> 'sequences') AS x (sequence)
      OFFSET 0
    ) q
    CROSS JOIN LATERAL (
      SELECT l.sequence, l.incident_id, l.is_public FROM ledger_event l
      WHERE l.organization_id = org AND l.ledger = 0 AND l.sequence = q.sequence OFFSET 0
    ) e
    LEFT JOIN LATERAL (
      SELECT t.is_public FROM timeline_visibility t
      WHERE t.organization_id = org AND t.sequence = e.sequence OFFSET 0
    ) v ON true;
  END IF;
  IF request ? 'api_keys' THEN
    SELECT json_agg(json_build_array(k.id, k.revoked_at, k.prefix, k.expires_at, k.role, k.scopes, k.ingest)) INTO keys
    FROM (SELECT x.id::uuid AS id FROM jsonb_array_elements_text(request -> 'api_keys') AS x (id) OFFSET 0) q,
      LATERAL (SELECT v.* FROM api_key v WHERE v.organization_id = org AND v.id = q.id OFFSET 0) k;
  END IF;
  IF request ? 'errors' THEN
    SELECT json_agg(json_build_array(e.source, e.error_id, e.level)) INTO errors
    FROM jsonb_to_recordset(request -> 'errors') AS x (source text, id text),
      LATERAL (SELECT v.source, v.error_id, v.level FROM reported_error v
        WHERE v.organization_id = org AND v.error_id = x.id AND v.source = x.source OFFSET 0) e;
  END IF;
  IF request ? 'administration' THEN
    administration := load_administration(org, request -> 'administration');
  END IF;
  RETURN json_build_object(
    'head', head, 'held', held, 'incidents', incidents, 'answers', answers, 'names', names, 'members', members,
    'signals', signals, 'open', open_signals, 'episodes_sought', episodes_sought, 'over', ended, 'early', early, 'timeline', timeline, 'keys', keys, 'errors', errors, 'runs', runs,
    'joinable', joinable,
    'administration', administration);
END
$$;

REVOKE ALL ON FUNCTION load(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load(uuid, jsonb) TO warroom_app;
