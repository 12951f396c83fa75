-- Who asked for what, from where, with which credential, and whether they might. Written before it is carried out, kept
-- as it was written, gone a month at a time: dropping a partition is the only way out. No foreign keys: dropping a
-- partition would lock what they reference.

CREATE TABLE access_log (
  organization_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  id uuid NOT NULL,
  request_id text NOT NULL CHECK (char_length(request_id) <= 128),
  actor_kind text NOT NULL CHECK (actor_kind IN ('USER', 'API_KEY', 'INTEGRATION', 'SYSTEM')),
  actor_id text,
  actor_role text,
  superadmin boolean NOT NULL,
  credential_id text NOT NULL,
  operation text NOT NULL CHECK (operation IN ('QUERY', 'MUTATION', 'SUBSCRIPTION')),
  field text NOT NULL CHECK (char_length(field) <= 100),
  -- The ids it was asked for by; at most 10.
  subjects text[] NOT NULL CHECK (cardinality(subjects) <= 10),
  address text CHECK (char_length(address) <= 64),
  user_agent text CHECK (char_length(user_agent) <= 256),
  outcome text NOT NULL CHECK (outcome IN ('ALLOWED', 'REFUSED')),
  PRIMARY KEY (organization_id, at, id)
) PARTITION BY RANGE (at);
CREATE INDEX access_log_actor ON access_log (organization_id, actor_id, at, id);
CREATE INDEX access_log_field ON access_log (organization_id, field, at, id);
CREATE INDEX access_log_refused ON access_log (organization_id, at, id) WHERE outcome = 'REFUSED';

CREATE FUNCTION refuse_access_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The access log is append-only: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation',
          HINT = 'Entries leave with the month they are of, when it is older than WARROOM_ACCESS_LOG_MONTHS.';
END
$$;

CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON access_log
  FOR EACH ROW EXECUTE FUNCTION refuse_access_log_change();

-- What must hold of the table and of every partition, which can be named, too. Triggers of rows come to a partition by
-- themselves; those of statements (and row triggers miss TRUNCATE), row-level security and grants do not.
CREATE FUNCTION guard_access_log(guarded regclass) RETURNS void LANGUAGE plpgsql
SET search_path = warroom, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER access_log_no_truncate BEFORE TRUNCATE ON %s
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_access_log_change()', guarded);
  -- Also under session_replication_role = replica.
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER access_log_append_only', guarded);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER access_log_no_truncate', guarded);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
  EXECUTE format('CREATE POLICY of_organization ON %s FOR SELECT TO warroom_app
    USING (organization_id = (SELECT nullif(current_setting(''warroom.organization'', true), '''')::uuid))', guarded);
  EXECUTE format('GRANT SELECT ON %s TO warroom_app', guarded);
END
$$;
SELECT guard_access_log('access_log');

-- Writes entries; an entry written already stays. Fails with check_violation where the month has no partition yet.
CREATE FUNCTION log_access(organization uuid, entries jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  INSERT INTO access_log (
    organization_id, at, id, request_id, actor_kind, actor_id, actor_role, superadmin, credential_id, operation, field,
    subjects, address, user_agent, outcome
  )
  SELECT organization, e.at, e.id, e.request_id, e.actor_kind, e.actor_id, e.actor_role, e.superadmin,
    e.credential_id, e.operation, e.field, e.subjects, e.address, e.user_agent, e.outcome
  FROM jsonb_to_recordset(entries) AS e (
    at timestamptz, id uuid, request_id text, actor_kind text, actor_id text, actor_role text, superadmin boolean,
    credential_id text, operation text, field text, subjects text[], address text, user_agent text, outcome text
  )
  ON CONFLICT DO NOTHING;
END
$$;

-- Makes the partitions of the month of `at` and of those after it, `months` in all and at most 12, where they are
-- missing; answers how many it made. Attached rather than created in place: whoever reads or writes goes on.
CREATE FUNCTION make_access_log_months(at timestamptz, months int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first_month CONSTANT timestamptz := date_trunc('month', make_access_log_months.at);
  month timestamptz;
  name text;
  made int := 0;
BEGIN
  -- One instance at a time.
  LOCK TABLE access_log IN SHARE UPDATE EXCLUSIVE MODE;
  FOR n IN 0 .. least(greatest(months, 1), 12) - 1 LOOP
    month := first_month + make_interval(months => n);
    name := 'access_log_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('warroom.' || name) IS NOT NULL;
    EXECUTE format('CREATE TABLE warroom.%I (LIKE warroom.access_log INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE warroom.access_log ATTACH PARTITION warroom.%I FOR VALUES FROM (%L) TO (%L)',
      name, month, month + interval '1 month');
    PERFORM guard_access_log(format('warroom.%I', name)::regclass);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- Drops the partitions of every month before the one that lies `months` months before `at`, at most 12, oldest first;
-- answers how many. So an entry is kept for `months` months, and no longer than one more.
CREATE FUNCTION drop_access_log_months(at timestamptz, months int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  oldest_kept CONSTANT text := 'access_log_' || to_char(
    drop_access_log_months.at - make_interval(months => greatest(drop_access_log_months.months, 1)), 'YYYY_MM');
  name text;
  dropped int := 0;
BEGIN
  FOR name IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'warroom.access_log'::regclass
      AND c.relname ~ '^access_log_\d{4}_\d{2}$' AND c.relname::text COLLATE "C" < oldest_kept COLLATE "C"
    ORDER BY c.relname LIMIT 12
  LOOP
    EXECUTE format('DROP TABLE warroom.%I', name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;

REVOKE ALL ON FUNCTION refuse_access_log_change(), guard_access_log(regclass), log_access(uuid, jsonb),
  make_access_log_months(timestamptz, int), drop_access_log_months(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_access(uuid, jsonb) TO warroom_app;
GRANT EXECUTE ON FUNCTION make_access_log_months(timestamptz, int), drop_access_log_months(timestamptz, int)
  TO warroom_platform;
