-- Members come by invitation and may leave. `membership` holds those who are members now and nobody else.

CREATE TABLE invitation (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  -- Lower case, as sign-in keeps addresses.
  email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
  role text NOT NULL CHECK (role IN ('ORG_ADMIN', 'SRE_LEAD', 'ONCALL_ENGINEER', 'MEMBER', 'VIEWER')),
  -- Of the link that whoever invites is shown.
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  -- Of the link in the mail, which nobody is shown: whoever comes by it reads mail to the address.
  mail_token_hash bytea NOT NULL CHECK (octet_length(mail_token_hash) = 32),
  created_at timestamptz(3) NOT NULL,
  invited_by_kind text NOT NULL CHECK (invited_by_kind IN ('USER', 'API_KEY', 'INTEGRATION', 'SYSTEM')),
  invited_by_id text,
  invited_by_role text,
  expires_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3),
  accepted_by text REFERENCES users,
  revoked_at timestamptz(3),
  PRIMARY KEY (organization_id, id)
);
-- Across organizations: a token is looked up before its organization is known.
CREATE UNIQUE INDEX invitation_token_hash ON invitation (token_hash);
CREATE UNIQUE INDEX invitation_mail_token_hash ON invitation (mail_token_hash);
CREATE INDEX invitation_created_at ON invitation (organization_id, created_at, id);
CREATE INDEX invitation_open ON invitation (organization_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
-- Whether too many are open is asked of the thousand that hold longest, however many have expired.
CREATE INDEX invitation_open_until ON invitation (organization_id, expires_at)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

ALTER TABLE membership ADD COLUMN invitation_id uuid,
  ADD FOREIGN KEY (organization_id, invitation_id) REFERENCES invitation;
-- Whether the last administrator would be gone is asked of one or two rows, however many members there are.
CREATE INDEX membership_administrators ON membership (organization_id, user_id) WHERE role = 'ORG_ADMIN';

-- Who was a member: their names stay readable where the record says them.
CREATE TABLE former_member (
  organization_id uuid NOT NULL REFERENCES organization,
  user_id text NOT NULL REFERENCES users,
  left_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);

ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON invitation FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON invitation TO warroom_app;

ALTER TABLE former_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON former_member FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON former_member TO warroom_app;

DROP POLICY of_organization ON users;
CREATE POLICY of_organization ON users FOR SELECT TO warroom_app
  USING (
    EXISTS (
      SELECT 1 FROM membership
      WHERE membership.organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid)
        AND membership.user_id = users.id
    ) OR EXISTS (
      SELECT 1 FROM former_member
      WHERE former_member.organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid)
        AND former_member.user_id = users.id
    )
  );

-- What `write_administration_rows` writes of members: `membership` brings with it that the invitation was accepted.
CREATE FUNCTION write_members(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.name FROM jsonb_to_recordset(rows -> 'organization_name') AS r (o int, name text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE organization t SET name = item.name WHERE t.organization_id = org;
  END LOOP;
  FOR item IN
    SELECT r.id, r.revoked_at
    FROM jsonb_to_recordset(rows -> 'invitation_revocation') AS r (o int, id uuid, revoked_at timestamptz)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE invitation t SET revoked_at = item.revoked_at WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  INSERT INTO invitation (
    organization_id, id, email, role, token_hash, mail_token_hash, created_at, invited_by_kind, invited_by_id,
    invited_by_role, expires_at
  )
  SELECT org, r.id, r.email, r.role, decode(r.token_hash, 'hex'), decode(r.mail_token_hash, 'hex'), r.created_at,
    r.invited_by_kind, r.invited_by_id, r.invited_by_role, r.expires_at
  FROM jsonb_to_recordset(rows -> 'invitation') AS r (
    o int, id uuid, email text, role text, token_hash text, mail_token_hash text, created_at timestamptz,
    invited_by_kind text, invited_by_id text, invited_by_role text, expires_at timestamptz
  )
  WHERE accepted[r.o];
  FOR item IN
    SELECT r.user_id, r.role, r.created_at, r.invitation_id
    FROM jsonb_to_recordset(rows -> 'membership')
      AS r (o int, user_id text, role text, created_at timestamptz, invitation_id uuid)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE invitation t SET accepted_at = item.created_at, accepted_by = item.user_id
    WHERE t.organization_id = org AND t.id = item.invitation_id;
    DELETE FROM former_member t WHERE t.organization_id = org AND t.user_id = item.user_id;
    INSERT INTO membership (organization_id, user_id, role, created_at, invitation_id)
    VALUES (org, item.user_id, item.role, item.created_at, item.invitation_id);
  END LOOP;
  FOR item IN
    SELECT r.user_id, r.role FROM jsonb_to_recordset(rows -> 'membership_role') AS r (o int, user_id text, role text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE membership t SET role = item.role WHERE t.organization_id = org AND t.user_id = item.user_id;
  END LOOP;
  FOR item IN
    SELECT r.user_id, r.left_at
    FROM jsonb_to_recordset(rows -> 'member_removal') AS r (o int, user_id text, left_at timestamptz)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    DELETE FROM team_member t WHERE t.organization_id = org AND t.user_id = item.user_id;
    DELETE FROM membership t WHERE t.organization_id = org AND t.user_id = item.user_id;
    INSERT INTO former_member (organization_id, user_id, left_at) VALUES (org, item.user_id, item.left_at);
  END LOOP;
END
$$;

-- Whether an invitation of the organization was sent to the address this user signs in with, and they have shown that
-- it is theirs: 'PROVEN', 'UNPROVEN' or null. Its user is no member yet, so row-level security hides them from whoever
-- decides; this says no more of either.
CREATE FUNCTION addressee(organization uuid, invitation_id uuid, user_id text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  RETURN (
    SELECT CASE WHEN u."emailVerified" THEN 'PROVEN' ELSE 'UNPROVEN' END
    FROM invitation i JOIN users u ON u.email = i.email
    WHERE i.organization_id = organization AND i.id = addressee.invitation_id AND u.id = addressee.user_id);
END
$$;

-- What one command of administration names, for `load`: users, emails, invitations, accepting (the user who wants to),
-- catalogue (what `load_catalogue` takes), entry (a sequence, for `load_entry`); later migrations make those functions.
CREATE FUNCTION load_administration(organization uuid, request jsonb) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = warroom, pg_temp AS $$
DECLARE
  org CONSTANT uuid := organization;
  accepting CONSTANT text := request ->> 'accepting';
  members json;
  addresses json;
  invitations json;
  catalogue json;
  entry json;
BEGIN
  IF request ? 'entry' THEN
    entry := load_entry(org, (request ->> 'entry')::bigint);
  END IF;
  IF request ? 'catalogue' THEN
    catalogue := load_catalogue(org, request -> 'catalogue');
  END IF;
  IF request ? 'users' THEN
    SELECT json_agg(json_build_array(m.user_id, m.role)) INTO members
    FROM jsonb_array_elements_text(request -> 'users') AS u (id),
      LATERAL (SELECT v.* FROM membership v WHERE v.organization_id = org AND v.user_id = u.id OFFSET 0) m;
  END IF;
  IF request ? 'emails' THEN
    SELECT json_agg(a.email) INTO addresses
    FROM jsonb_array_elements_text(request -> 'emails') AS a (email),
      LATERAL (SELECT v.id FROM users v WHERE v.email = a.email OFFSET 0) u,
      LATERAL (SELECT v.user_id FROM membership v WHERE v.organization_id = org AND v.user_id = u.id OFFSET 0) m;
  END IF;
  IF request ?| ARRAY['invitations', 'emails'] THEN
    SELECT json_agg(json_build_array(i.id, i.email, i.role, i.expires_at, i.revoked_at, i.accepted_by,
      addressee(org, i.id, accepting)))
    INTO invitations
    FROM (
      SELECT v.* FROM jsonb_array_elements_text(request -> 'invitations') AS q (id),
        LATERAL (SELECT t.* FROM invitation t WHERE t.organization_id = org AND t.id = q.id::uuid OFFSET 0) v
      UNION
      SELECT v.* FROM jsonb_array_elements_text(request -> 'emails') AS q (email),
        LATERAL (
          SELECT t.* FROM invitation t
          WHERE t.organization_id = org AND t.email = q.email AND t.accepted_at IS NULL AND t.revoked_at IS NULL OFFSET 0
        ) v
    ) i;
  END IF;
  RETURN json_build_object(
    'sequence', (SELECT h.sequence FROM ledger_head h WHERE h.organization_id = org AND h.ledger = 1),
    'name', (SELECT o.name FROM organization o WHERE o.organization_id = org),
    'members', members,
    'administrators', (SELECT json_agg(a.user_id) FROM (
      SELECT m.user_id FROM membership m WHERE m.organization_id = org AND m.role = 'ORG_ADMIN'
      ORDER BY m.user_id LIMIT 2) a),
    'addresses', addresses,
    'invitations', invitations,
    'catalogue', catalogue,
    'entry', entry,
    -- Until then 1,000 are open, if no other is made: when the first of the 1,000 that hold longest expires.
    'full_until', (SELECT t.expires_at FROM invitation t
      WHERE t.organization_id = org AND t.accepted_at IS NULL AND t.revoked_at IS NULL
      ORDER BY t.expires_at DESC OFFSET 999 LIMIT 1));
END
$$;

-- What whoever holds an invitation's token may see of it before they are anybody here; null when no invitation has
-- this hash. `mailed`: it is the hash of the link in the mail; `known`: somebody signs in with its address already,
-- which only they are told.
CREATE FUNCTION invitation_by_token(hash bytea) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  RETURN (
    SELECT jsonb_build_object(
      'organization', i.organization_id, 'slug', o.slug, 'name', o.name, 'id', i.id, 'email', i.email, 'role', i.role,
      'expires_at', to_char(i.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'open', i.accepted_at IS NULL AND i.revoked_at IS NULL,
      'inviter', (SELECT u.name FROM users u WHERE i.invited_by_kind = 'USER' AND u.id = i.invited_by_id),
      'mailed', i.mail_token_hash = hash,
      'known', i.mail_token_hash = hash AND EXISTS (SELECT 1 FROM users u WHERE u.email = i.email))
    FROM invitation i JOIN organization o ON o.organization_id = i.organization_id
    WHERE i.token_hash = hash OR i.mail_token_hash = hash);
END
$$;

REVOKE ALL ON FUNCTION write_members(uuid, jsonb, boolean[]), addressee(uuid, uuid, text),
  load_administration(uuid, jsonb), invitation_by_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION addressee(uuid, uuid, text), load_administration(uuid, jsonb) TO warroom_app;
GRANT EXECUTE ON FUNCTION invitation_by_token(bytea) TO warroom_platform;
