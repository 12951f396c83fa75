-- An error that no incident came of is forgotten after a time; one that is linked to an incident stays for ever.
CREATE OR REPLACE FUNCTION refuse_reported_error_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.incident_id IS NULL THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'Reported errors stay as they are: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;

CREATE INDEX reported_error_sweep ON reported_error (reported_at) WHERE incident_id IS NULL;

-- Forgets at most `max_rows` errors without an incident that were reported before `before`; answers how many. When they
-- happened decides nothing: one that came late must be known when it is repeated.
CREATE FUNCTION sweep_errors(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    SELECT r.organization_id, r.error_id, r.source, r.level FROM reported_error r
    WHERE r.incident_id IS NULL AND r.reported_at < before
    ORDER BY r.reported_at LIMIT least(max_rows, 10000) FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM reported_error d WHERE d.organization_id = item.organization_id AND d.error_id = item.error_id
      AND d.source = item.source AND d.level = item.level;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;
REVOKE ALL ON FUNCTION sweep_errors(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_errors(timestamptz, int) TO warroom_platform;
