-- What an incident's source lists as hit stands among the targets of runs, uncounted: the source says which, not how often.
ALTER TABLE run_target ALTER COLUMN error_count DROP NOT NULL, ALTER COLUMN first_at DROP NOT NULL,
  ALTER COLUMN latest_at DROP NOT NULL,
  ADD CHECK ((error_count IS NULL) = (first_at IS NULL) AND (error_count IS NULL) = (latest_at IS NULL));

-- `synced_target` [{o, incident_id, targets}]: each is all that its incident lists from here on, of several the last.
CREATE FUNCTION write_synced_targets(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT DISTINCT ON (r.incident_id) r.incident_id, r.targets
    FROM jsonb_to_recordset(rows -> 'synced_target') AS r (o int, incident_id uuid, targets jsonb)
    WHERE accepted[r.o] ORDER BY r.incident_id, r.o DESC
  LOOP
    DELETE FROM run_target t
    WHERE t.organization_id = org AND t.incident_id = item.incident_id AND NOT item.targets ? t.target;
    INSERT INTO run_target (organization_id, incident_id, target)
    SELECT org, item.incident_id, listed.target FROM jsonb_array_elements_text(item.targets) AS listed (target)
    ON CONFLICT DO NOTHING;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION write_synced_targets(uuid, jsonb, boolean[]) FROM PUBLIC;
