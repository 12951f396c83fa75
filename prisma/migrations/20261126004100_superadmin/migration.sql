-- Who may act in any organization. A grant that was taken back stays, with when: the table is its own record.
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

-- Makes the person of an email address (lower case) a superadmin: 'DONE', 'ALREADY_SO', 'NOBODY' when there is none, or
-- 'UNPROVEN' when they have not shown that it is theirs. An address of this machine is nobody else's: the first
-- administrator's.
CREATE FUNCTION grant_superadmin(email text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  person users%ROWTYPE;
BEGIN
  SELECT * INTO person FROM users u WHERE u.email = grant_superadmin.email;
  IF NOT FOUND THEN
    RETURN 'NOBODY';
  END IF;
  IF NOT person."emailVerified" AND person.email NOT LIKE '%@localhost' THEN
    RETURN 'UNPROVEN';
  END IF;
  INSERT INTO superadmin (user_id, granted_at)
  SELECT person.id, grant_superadmin.at
  WHERE NOT EXISTS (SELECT 1 FROM superadmin s WHERE s.user_id = person.id AND s.revoked_at IS NULL)
  ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'DONE' ELSE 'ALREADY_SO' END;
END
$$;

-- Takes it back: 'DONE', 'ALREADY_SO' when they are none, 'NOBODY' when there is no such person.
CREATE FUNCTION revoke_superadmin(email text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  person CONSTANT text := (SELECT u.id FROM users u WHERE u.email = revoke_superadmin.email);
BEGIN
  IF person IS NULL THEN
    RETURN 'NOBODY';
  END IF;
  UPDATE superadmin s SET revoked_at = greatest(s.granted_at, revoke_superadmin.at)
  WHERE s.user_id = person AND s.revoked_at IS NULL;
  RETURN CASE WHEN FOUND THEN 'DONE' ELSE 'ALREADY_SO' END;
END
$$;

-- The superadmins of now, by email address; at most 1,000.
CREATE FUNCTION list_superadmins() RETURNS TABLE (email text, name text, granted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
  SELECT u.email, u.name, s.granted_at FROM superadmin s JOIN users u ON u.id = s.user_id
  WHERE s.revoked_at IS NULL ORDER BY u.email LIMIT 1000
$$;

REVOKE ALL ON FUNCTION grant_superadmin(text, timestamptz), revoke_superadmin(text, timestamptz), list_superadmins()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grant_superadmin(text, timestamptz), revoke_superadmin(text, timestamptz), list_superadmins()
  TO warroom_platform;
