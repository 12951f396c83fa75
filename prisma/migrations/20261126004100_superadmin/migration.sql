-- Who may act in any organization. A grant that was taken back stays, with when; each
-- change is an entry of the platform's administration ledger.
CREATE TABLE superadmin (
  user_id text NOT NULL REFERENCES users,
  granted_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3) CHECK (revoked_at >= granted_at),
  PRIMARY KEY (user_id, granted_at)
);
CREATE INDEX superadmin_now ON superadmin (user_id) WHERE revoked_at IS NULL;

ALTER TABLE superadmin ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON superadmin FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON superadmin TO warroom_platform;

-- What `write_administration_rows` writes of who is a superadmin: only with an entry of the platform's own ledger.
CREATE FUNCTION write_superadmins(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  IF org <> '00000000-0000-7000-8000-000000000001' THEN
    RAISE EXCEPTION 'Who is a superadmin is no matter of organization %', org;
  END IF;
  FOR item IN
    SELECT r.user_id, r.revoked_at FROM jsonb_to_recordset(rows -> 'superadmin_revocation')
      AS r (o int, user_id text, revoked_at timestamptz)
    WHERE accepted[r.o]
  LOOP
    UPDATE superadmin s SET revoked_at = greatest(s.granted_at, item.revoked_at)
    WHERE s.user_id = item.user_id AND s.revoked_at IS NULL;
  END LOOP;
  INSERT INTO superadmin (user_id, granted_at)
  SELECT r.user_id, r.granted_at
  FROM jsonb_to_recordset(rows -> 'superadmin_grant') AS r (o int, user_id text, granted_at timestamptz)
  WHERE accepted[r.o]
  -- Taken back and granted again in the same millisecond: it is the same grant.
  ON CONFLICT (user_id, granted_at) DO UPDATE SET revoked_at = NULL;
END
$$;

-- Whom an email address (lower case) names, for whoever grants and takes back; null when there is nobody. `proven`: they
-- have shown that it is theirs, or it is one of this machine, which is nobody else's: the first administrator's.
CREATE FUNCTION superadmin_candidate(email text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', u.id,
    'proven', u."emailVerified" OR u.email LIKE '%@localhost',
    'superadmin', EXISTS (SELECT 1 FROM superadmin s WHERE s.user_id = u.id AND s.revoked_at IS NULL))
  FROM users u WHERE u.email = superadmin_candidate.email
$$;

-- The superadmins of now, by email address; at most 1,000.
CREATE FUNCTION list_superadmins() RETURNS TABLE (email text, name text, granted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
  SELECT u.email, u.name, s.granted_at FROM superadmin s JOIN users u ON u.id = s.user_id
  WHERE s.revoked_at IS NULL ORDER BY u.email LIMIT 1000
$$;

REVOKE ALL ON FUNCTION write_superadmins(uuid, jsonb, boolean[]), superadmin_candidate(text), list_superadmins()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION superadmin_candidate(text), list_superadmins() TO warroom_platform;
