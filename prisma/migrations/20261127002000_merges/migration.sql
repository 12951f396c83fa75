-- Incidents that became part of others, and signals that know what they came by. Both are derived from events; what was
-- ingested before does not say its key.
ALTER TABLE incident_list ADD COLUMN merged_into uuid;
ALTER TABLE signal ADD COLUMN dedup_key text;
-- Whether another signal of an incident that is not cleared came by the same key.
CREATE INDEX signal_dedup_key ON signal (organization_id, incident_id, dedup_key)
  WHERE cleared_at IS NULL AND dedup_key IS NOT NULL;

-- What fires and does not say its key, and so is cleared by any.
CREATE INDEX signal_without_key ON signal (organization_id, incident_id)
  WHERE cleared_at IS NULL AND dedup_key IS NULL AND firing AND fingerprint IS NOT NULL;

-- What a batch needs of open signals: those of `wanted` incidents by `fingerprints` ([{of, list}], where `of` is what
-- names one of them, a dedup key or an id, or null for all), and of each dedup key of `all_open_of` as many as a command
-- clears of those that fire and came by it, or by nobody knows which. `named`: the incident of each dedup key. A signal
-- of an incident that is part of another is that other's: its state lists them. Rows: [incident, signal, fingerprint,
-- firing, dedup key, since when].
CREATE FUNCTION load_open_signals(org uuid, wanted uuid[], all_open_of text[], named jsonb, fingerprints jsonb)
RETURNS json
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
  parts uuid[];
  holders uuid[];
BEGIN
  -- Nearly always there are no parts, which a look at the text tells.
  SELECT array_agg(p.part), array_agg(p.holder) INTO parts, holders
  FROM (
    SELECT w.id AS part, w.id AS holder FROM unnest(wanted) AS w (id)
    UNION ALL
    SELECT m.id::uuid, w.id
    FROM unnest(wanted) AS w (id),
      LATERAL (
        SELECT i.state FROM incident i
        WHERE i.organization_id = org AND i.id = w.id AND strpos(i.state, '"mergedIncidentIds":["') > 0 OFFSET 0
      ) s,
      jsonb_array_elements_text(s.state::jsonb -> 'mergedIncidentIds') AS m (id)
  ) p;
  RETURN (
    SELECT json_agg(json_build_array(f.holder, f.id, f.fingerprint, f.firing, f.dedup_key, f.began_at))
    FROM (
      SELECT a.holder, a.id, a.fingerprint, a.firing, a.dedup_key, a.began_at
      FROM unnest(all_open_of) AS k (key),
        LATERAL (
          SELECT p.holder, s.id, s.fingerprint, s.firing, s.dedup_key, s.began_at
          FROM unnest(parts, holders) AS p (part, holder),
            LATERAL (
              (
                SELECT v.id, v.fingerprint, v.firing, v.dedup_key, v.began_at FROM signal v
                WHERE v.organization_id = org AND v.incident_id = p.part AND v.dedup_key = k.key
                  AND v.cleared_at IS NULL AND v.fingerprint IS NOT NULL AND v.firing
                LIMIT 64
              )
              UNION ALL
              (
                SELECT v.id, v.fingerprint, v.firing, v.dedup_key, v.began_at FROM signal v
                WHERE v.organization_id = org AND v.incident_id = p.part AND v.dedup_key IS NULL
                  AND v.cleared_at IS NULL AND v.fingerprint IS NOT NULL AND v.firing
                LIMIT 64
              )
            ) s
          WHERE p.holder::text = named ->> k.key
          LIMIT 64
        ) a
      UNION
      SELECT p.holder, s.id, s.fingerprint, s.firing, s.dedup_key, s.began_at
      FROM jsonb_to_recordset(fingerprints) AS g (of text, list jsonb),
        LATERAL (
          SELECT x.part, x.holder FROM unnest(parts, holders) AS x (part, holder)
          WHERE g.of IS NULL OR x.holder::text = coalesce(named ->> g.of, lower(g.of))
          OFFSET 0
        ) p,
        LATERAL (SELECT v.fingerprint FROM jsonb_array_elements_text(g.list) AS v (fingerprint) OFFSET 0) q,
        LATERAL (
          SELECT v.* FROM signal v
          WHERE v.organization_id = org AND v.incident_id = p.part AND v.fingerprint = q.fingerprint
            AND v.cleared_at IS NULL
          OFFSET 0
        ) s
    ) f
  );
END
$$;

-- Signals by their ids, as they are: [id, incident, {columns}, dedup key, cleared at, shares, since when]; `shares`:
-- another signal of the same incident, or of one that is part of it, that is not cleared came by the same dedup key.
CREATE FUNCTION load_signals(org uuid, ids jsonb) RETURNS json
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
  RETURN (
    SELECT json_agg(json_build_array(s.id, s.incident_id, json_build_object(
      'signalType', s.type, 'source', s.source, 'serviceId', s.service_id, 'environment', s.environment,
      'projectId', s.project_id, 'summary', s.summary, 'severity', s.severity, 'fingerprint', s.fingerprint,
      'correlationKey', s.correlation_key, 'traceId', s.trace_id, 'dataDigest', s.data_digest, 'observedAt', s.at,
      'firing', s.firing), s.dedup_key, s.cleared_at, coalesce(o.shares, false), s.began_at))
    FROM (SELECT x.id::uuid AS id FROM jsonb_array_elements_text(ids) AS x (id) OFFSET 0) q
    CROSS JOIN LATERAL (SELECT v.* FROM signal v WHERE v.organization_id = org AND v.id = q.id OFFSET 0) s
    LEFT JOIN LATERAL (
      SELECT true AS shares
      FROM (
        SELECT s.incident_id AS id
        UNION ALL
        SELECT m.id::uuid
        FROM incident i, jsonb_array_elements_text(i.state::jsonb -> 'mergedIncidentIds') AS m (id)
        WHERE i.organization_id = org AND i.id = s.incident_id
      ) part,
        LATERAL (
          SELECT FROM signal v
          WHERE v.organization_id = org AND v.incident_id = part.id AND v.dedup_key = s.dedup_key
            AND v.cleared_at IS NULL AND v.id <> s.id
          LIMIT 1
        ) other
      LIMIT 1
    ) o ON true
  );
END
$$;

REVOKE ALL ON FUNCTION load_open_signals(uuid, uuid[], text[], jsonb, jsonb), load_signals(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_open_signals(uuid, uuid[], text[], jsonb, jsonb), load_signals(uuid, jsonb) TO warroom_app;
