-- The other doors. Each serves one organization and refuses another, or belongs to warroom_platform.

-- Repeats of known open signals: no event, no lock on the head. `repeats`: [{id, count, last_seen_at}].
CREATE FUNCTION touch_signals(organization uuid, repeats jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  item record;
BEGIN
  PERFORM assert_organization(organization);
  -- In order, so that two callers never wait for each other.
  FOR item IN
    SELECT t.id, sum(t.count)::int AS count, max(t.last_seen_at) AS last_seen_at
    FROM jsonb_to_recordset(repeats) AS t (id uuid, count int, last_seen_at timestamptz)
    GROUP BY t.id ORDER BY t.id
  LOOP
    UPDATE signal s SET count = s.count + item.count, last_seen_at = greatest(s.last_seen_at, item.last_seen_at)
    WHERE s.organization_id = organization AND s.id = item.id;
  END LOOP;
END
$$;

-- Notes when a key was last used; never moves it back.
CREATE FUNCTION touch_key(organization uuid, key uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  UPDATE api_key k SET last_used_at = touch_key.at
  WHERE k.organization_id = organization AND k.id = touch_key.key
    AND (k.last_used_at IS NULL OR k.last_used_at < touch_key.at);
END
$$;

-- Counts what was refused of keys because of their rate: no event. `refused`: [{id, count, at}].
CREATE FUNCTION count_rate_limited(organization uuid, refused jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  item record;
BEGIN
  PERFORM assert_organization(organization);
  -- In order, so that two callers never wait for each other.
  FOR item IN
    SELECT r.id, r.count, r.at FROM jsonb_to_recordset(refused) AS r (id uuid, count int, at timestamptz) ORDER BY r.id
  LOOP
    UPDATE api_key k SET rate_limited_count = least(k.rate_limited_count::bigint + item.count, 2147483647),
      rate_limited_at = greatest(k.rate_limited_at, item.at)
    WHERE k.organization_id = organization AND k.id = item.id;
  END LOOP;
END
$$;

-- The incidents whose title or description has all the words, the last of each word open-ended ("dat" finds
-- "database"); quotes, "or" and "-" as in a web search. The newest 10,000 at most. `@@` is not leakproof, so under
-- row-level security it could not use the index: hence the function, which names the organization itself.
CREATE FUNCTION search_incidents(organization uuid, words text) RETURNS SETOF uuid
-- Words are looked for because few incidents have them.
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER
SET search_path = warroom, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
  asked text := regexp_replace(websearch_to_tsquery('simple', words)::text, '''(?=$|[ )])', ''':*', 'g');
  query tsquery;
BEGIN
  PERFORM assert_organization(organization);
  -- Nothing to look for (no word, or only punctuation) finds nothing.
  IF asked = '' THEN
    RETURN;
  END IF;
  query := quote_literal(organization::text)::tsquery && asked::tsquery;
  RETURN QUERY
    SELECT t.incident_id FROM incident_text t
    WHERE t.organization_id = organization AND t.search @@ query
    ORDER BY t.incident_id DESC LIMIT 10000;
END
$$;

-- Leases at most `max_rows` deadlines that are due, of all organizations; the lease doubles with every attempt that
-- did not end in a commit, up to a minute. Answers {due: [...], next: the earliest instant nothing was due before}.
CREATE FUNCTION claim(now timestamptz, max_rows int, lease_milliseconds int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  due jsonb := '[]';
  leased record;
BEGIN
  FOR leased IN
    SELECT c.organization_id, c.incident_id, c.kind, c.key, c.due_at, c.attempts FROM deadline c
    WHERE greatest(c.due_at, c.lease_until) <= claim.now
    ORDER BY greatest(c.due_at, c.lease_until) LIMIT least(max_rows, 200)
    FOR UPDATE SKIP LOCKED
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

-- An organization with its ledgers, its first policy, its first administrator and the first entries of its
-- administration ledger, all or nothing: `changes` is what `commit` takes. Not founded when the slug is taken already;
-- nor when the address is that of another `person`, who is answered: the entries in `changes` name the wrong one.
-- `person`: {id, name, email}, kept as they are if known; without an email they are known, or there is nobody.
CREATE FUNCTION create_organization(
  organization uuid, slug text, name text, at timestamptz, policy text, person jsonb, changes jsonb
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  outcome jsonb;
  known text;
  is_new boolean := false;
BEGIN
  IF person ->> 'email' IS NOT NULL THEN
    INSERT INTO users (id, name, email, "emailVerified", image, "createdAt", "updatedAt")
    SELECT p.id, p.name, p.email, false, NULL, create_organization.at, create_organization.at
    FROM jsonb_to_record(person) AS p (id text, name text, email text)
    ON CONFLICT DO NOTHING;
    is_new := FOUND;
    -- Whoever was first to bring this address is the person, and the entries must name them.
    SELECT u.id INTO known FROM users u WHERE u.email = person ->> 'email' AND u.id <> person ->> 'id';
    IF FOUND THEN
      RETURN jsonb_build_object('founded', false, 'person', known);
    END IF;
  END IF;
  INSERT INTO organization (organization_id, slug, name, created_at)
  VALUES (organization, create_organization.slug, create_organization.name, create_organization.at)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    DELETE FROM users u WHERE is_new AND u.id = person ->> 'id';
    RETURN jsonb_build_object('founded', false);
  END IF;
  INSERT INTO ledger_head (organization_id, ledger, sequence, number, policy_version, hash, at)
  SELECT organization, l.ledger, 0, 0, 1, decode(repeat('00', 32), 'hex'), create_organization.at
  FROM unnest(ARRAY[0, 1]::smallint[]) AS l (ledger);
  INSERT INTO policy (organization_id, version, at, sequence, policy)
  VALUES (organization, 1, create_organization.at, NULL, create_organization.policy);
  PERFORM set_config('warroom.organization', organization::text, true);
  FOR outcome IN SELECT jsonb_array_elements(commit(organization, 1, changes) -> 'outcomes') LOOP
    IF outcome ->> 'kind' <> 'committed' THEN
      RAISE EXCEPTION 'The first entries of organization % were not committed: %', slug, outcome;
    END IF;
  END LOOP;
  RETURN jsonb_build_object('founded', true);
END
$$;

-- Forgets at most `max_rows` answers to idempotency keys from before `before`; answers how many.
CREATE FUNCTION sweep_requests(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    SELECT o.organization_id, o.principal, o.key FROM idempotency_request o
    WHERE o.at < before ORDER BY o.at LIMIT least(max_rows, 10000) FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM idempotency_request d
    WHERE d.organization_id = item.organization_id AND d.principal = item.principal AND d.key = item.key;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA warroom FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commit(uuid, int, jsonb), touch_signals(uuid, jsonb),
  touch_key(uuid, uuid, timestamptz), count_rate_limited(uuid, jsonb), search_incidents(uuid, text) TO warroom_app;
GRANT EXECUTE ON FUNCTION claim(timestamptz, int, int),
  create_organization(uuid, text, text, timestamptz, text, jsonb, jsonb), sweep_requests(timestamptz, int)
  TO warroom_platform;
