-- Events incident by incident, right after one of them: what a replay walks. It runs as whoever asks, under row-level
-- security, and is a function only so that the index is walked whatever is known of the table: freshly loaded and not
-- analyzed yet, all that is left of the organization would be read and sorted for every page.
CREATE FUNCTION replay_page(organization uuid, after_incident uuid, after_version int, max_rows int)
RETURNS TABLE (incident_id uuid, version int, number int, sequence bigint, body text)
LANGUAGE plpgsql STABLE
SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET enable_incremental_sort = off
SET jit = off
AS $$
BEGIN
  RETURN QUERY
    SELECT e.incident_id, e.version, e.number, e.sequence, e.body FROM ledger_event e
    WHERE e.organization_id = organization AND (e.incident_id, e.version) > (after_incident, after_version)
    ORDER BY e.incident_id, e.version LIMIT least(max_rows, 5000);
END
$$;

REVOKE ALL ON FUNCTION replay_page(uuid, uuid, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replay_page(uuid, uuid, int, int) TO warroom_app;
