-- Claiming can leave organizations out: those that have as many deadlines under way as are good for the others. It
-- leaves out, too, what this program cannot decide: while a newer one takes over, their leases would keep it waiting.
DROP FUNCTION claim(timestamptz, int, int);

-- Leases at most `max_rows` deadlines that are due, of all organizations but `left_out`; the lease doubles with every
-- attempt that did not end in a commit, up to a minute. Answers {due: [...], next: the earliest instant nothing was due
-- before}. What is due of an organization that is left out, or of an incident whose state is of a shape above
-- `newest_shape`, is walked past: that costs as much as there is of it.
CREATE FUNCTION claim(now timestamptz, max_rows int, lease_milliseconds int, left_out uuid[], newest_shape int)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  due jsonb := '[]';
  leased record;
BEGIN
  FOR leased IN
    SELECT c.organization_id, c.incident_id, c.kind, c.key, c.due_at, c.attempts FROM deadline c
    WHERE greatest(c.due_at, c.lease_until) <= claim.now AND c.organization_id <> ALL (left_out)
      -- No join, which a planner might begin with every incident there is.
      AND coalesce((SELECT i.shape FROM incident i WHERE i.organization_id = c.organization_id AND i.id = c.incident_id),
        0) <= newest_shape
    ORDER BY greatest(c.due_at, c.lease_until) LIMIT least(max_rows, 200)
    FOR UPDATE OF c SKIP LOCKED
  LOOP
    UPDATE deadline l SET attempts = l.attempts + 1,
      lease_until = claim.now + least(lease_milliseconds * power(2, least(leased.attempts, 16)), 60000) * interval '1 ms'
    WHERE l.organization_id = leased.organization_id AND l.incident_id = leased.incident_id AND l.kind = leased.kind
      AND l.key = leased.key;
    due := due || jsonb_build_object(
      'organization', leased.organization_id, 'incident', leased.incident_id, 'kind', leased.kind, 'key', leased.key,
      'due_at', to_char(leased.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  END LOOP;
  RETURN jsonb_build_object('due', due, 'next', (
    SELECT to_char(greatest(d.due_at, d.lease_until) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    FROM deadline d WHERE greatest(d.due_at, d.lease_until) > claim.now
    ORDER BY greatest(d.due_at, d.lease_until) LIMIT 1));
END
$$;

REVOKE ALL ON FUNCTION claim(timestamptz, int, int, uuid[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim(timestamptz, int, int, uuid[], int) TO warroom_platform;
