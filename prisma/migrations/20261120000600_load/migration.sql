-- Everything one batch of commands needs to be decided, in one statement and (being STABLE) one snapshot. It runs as
-- whoever asks, under row-level security; it is a function only so that its plans are kept. `request` holds lists,
-- left out when empty: incidents, dedup_keys, requests [{principal, key}], names [{kind, key}], users, signals,
-- fingerprints, all_open_of (dedup keys), sequences, api_keys. Rows are arrays, in the order selected here.
CREATE FUNCTION load(organization uuid, request jsonb) RETURNS json
LANGUAGE plpgsql STABLE
SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
DECLARE
  org CONSTANT uuid := organization;
  head json;
  held json;
  holders uuid[] := '{}';
  all_open_of uuid[] := '{}';
  wanted uuid[];
  incidents json;
  answers json;
  names json;
  members json;
  signals json;
  firing json;
  timeline json;
  keys json;
BEGIN
  SELECT json_build_array(h.sequence, h.policy_version, p.policy::json) INTO head
  FROM ledger_head h JOIN policy p ON p.organization_id = h.organization_id AND p.version = h.policy_version
  WHERE h.organization_id = org AND h.ledger = 0;

  IF request ? 'dedup_keys' THEN
    SELECT json_agg(json_build_array(d.key, d.incident_id)), array_agg(d.incident_id),
      array_agg(d.incident_id) FILTER (WHERE coalesce(request -> 'all_open_of' ? d.key, false))
    INTO held, holders, all_open_of
    FROM jsonb_array_elements_text(request -> 'dedup_keys') AS k (key)
    JOIN dedup_key d ON d.organization_id = org AND d.key = k.key;
  END IF;
  wanted := ARRAY(
    SELECT w.id::uuid FROM jsonb_array_elements_text(coalesce(request -> 'incidents', '[]')) AS w (id)
    UNION SELECT unnest(holders));
  IF cardinality(wanted) > 0 THEN
    -- A state is JSON text already, and goes into the answer as it is.
    SELECT json_agg(json_build_array(
      i.id, i.number, i.sequence, i.version, i.policy_version, i.shape, i.state::json, t.description, t.notes))
    INTO incidents
    FROM unnest(wanted) AS w (id)
    JOIN incident i ON i.organization_id = org AND i.id = w.id
    JOIN incident_text t ON t.organization_id = org AND t.incident_id = i.id;
  END IF;
  IF request ? 'requests' THEN
    SELECT json_agg(json_build_array(
      r.principal, r.key, encode(r.digest, 'hex'), r.ledger, r.incident_id, r.first_sequence, r.last_sequence))
    INTO answers
    FROM jsonb_to_recordset(request -> 'requests') AS q (principal text, key text)
    JOIN idempotency_request r ON r.organization_id = org AND r.principal = q.principal AND r.key = q.key;
  END IF;
  IF request ? 'names' THEN
    SELECT json_agg(json_build_array(n.kind, n.name, n.id)) INTO names
    FROM (
      SELECT q.kind, s.name, s.id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text)
      JOIN service s ON s.organization_id = org AND s.name_key = q.key WHERE q.kind = 'SERVICE'
      UNION ALL
      SELECT q.kind, t.name, t.id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text)
      JOIN team t ON t.organization_id = org AND t.name_key = q.key WHERE q.kind = 'TEAM'
      UNION ALL
      SELECT q.kind, p.name, p.id FROM jsonb_to_recordset(request -> 'names') AS q (kind text, key text)
      JOIN project p ON p.organization_id = org AND p.name_key = q.key WHERE q.kind = 'PROJECT'
    ) n;
  END IF;
  IF request ? 'users' THEN
    SELECT json_agg(m.user_id) INTO members
    FROM jsonb_array_elements_text(request -> 'users') AS u (id)
    JOIN membership m ON m.organization_id = org AND m.user_id = u.id;
  END IF;
  IF request ? 'signals' THEN
    SELECT json_agg(json_build_array(s.id, s.incident_id)) INTO signals
    FROM jsonb_array_elements_text(request -> 'signals') AS q (id)
    JOIN signal s ON s.organization_id = org AND s.id = q.id::uuid;
  END IF;
  IF cardinality(all_open_of) > 0 OR (request ? 'fingerprints' AND cardinality(wanted) > 0) THEN
    SELECT json_agg(json_build_array(f.incident_id, f.id, f.fingerprint)) INTO firing
    FROM (
      SELECT s.incident_id, s.id, s.fingerprint
      FROM unnest(all_open_of) AS w (id)
      CROSS JOIN LATERAL (
        SELECT s.* FROM signal s
        WHERE s.organization_id = org AND s.incident_id = w.id AND s.firing ORDER BY s.fingerprint LIMIT 10000
      ) s
      UNION
      SELECT s.incident_id, s.id, s.fingerprint
      FROM unnest(wanted) AS w (id)
      CROSS JOIN jsonb_array_elements_text(coalesce(request -> 'fingerprints', '[]')) AS p (fingerprint)
      JOIN signal s ON s.organization_id = org AND s.incident_id = w.id AND s.fingerprint = p.fingerprint
        AND s.firing
    ) f;
  END IF;
  IF request ? 'sequences' THEN
    SELECT json_agg(json_build_array(e.sequence, e.incident_id, coalesce(v.is_public, e.is_public))) INTO timeline
    FROM jsonb_array_elements_text(request -> 'sequences') AS q (sequence)
    JOIN ledger_event e ON e.organization_id = org AND e.ledger = 0 AND e.sequence = q.sequence::bigint
    LEFT JOIN timeline_visibility v ON v.organization_id = org AND v.sequence = e.sequence;
  END IF;
  IF request ? 'api_keys' THEN
    SELECT json_agg(json_build_array(k.id, k.revoked_at)) INTO keys
    FROM jsonb_array_elements_text(request -> 'api_keys') AS q (id)
    JOIN api_key k ON k.organization_id = org AND k.id = q.id::uuid;
  END IF;
  RETURN json_build_object(
    'head', head, 'held', held, 'incidents', incidents, 'answers', answers, 'names', names, 'members', members,
    'signals', signals, 'firing', firing, 'timeline', timeline, 'keys', keys);
END
$$;

REVOKE ALL ON FUNCTION load(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load(uuid, jsonb) TO warroom_app;
