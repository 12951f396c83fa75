-- Signing in: better-auth's tables, with its column names. Kept by warroom_identity and seen by nobody else; people
-- themselves (users) were there before. Secrets are digests: of a session's token and of a one-time link's, and a
-- password as scrypt made it. Tokens of an identity provider are not kept at all: there is no column for them.

CREATE TABLE sessions (
  id text PRIMARY KEY,
  -- SHA-256 of the token in the cookie, hexadecimal.
  token text NOT NULL UNIQUE,
  "userId" text NOT NULL REFERENCES users,
  -- It ends then, whatever happens; it ends sooner when it is not used.
  "expiresAt" timestamptz(3) NOT NULL,
  "createdAt" timestamptz(3) NOT NULL,
  -- When it was last used, give or take some minutes.
  "updatedAt" timestamptz(3) NOT NULL,
  "ipAddress" text,
  "userAgent" text,
  "signedInBy" text NOT NULL CHECK ("signedInBy" IN ('PASSWORD', 'LINK', 'OIDC'))
);
CREATE INDEX sessions_user ON sessions ("userId", "createdAt");
CREATE INDEX sessions_expires_at ON sessions ("expiresAt");

CREATE TABLE accounts (
  id text PRIMARY KEY,
  -- Who the person is to the provider; for a password their user id.
  "accountId" text NOT NULL,
  -- 'credential' for a password, 'oidc' for the identity provider.
  "providerId" text NOT NULL,
  "userId" text NOT NULL REFERENCES users,
  password text,
  scope text,
  "createdAt" timestamptz(3) NOT NULL,
  "updatedAt" timestamptz(3) NOT NULL,
  UNIQUE ("providerId", "accountId")
);
CREATE INDEX accounts_user ON accounts ("userId");

CREATE TABLE verifications (
  id text PRIMARY KEY,
  -- What it verifies, hashed with its token.
  identifier text NOT NULL,
  value text NOT NULL,
  "expiresAt" timestamptz(3) NOT NULL,
  "createdAt" timestamptz(3) NOT NULL,
  "updatedAt" timestamptz(3) NOT NULL
);
CREATE INDEX verifications_identifier ON verifications (identifier, "createdAt");
CREATE INDEX verifications_expires_at ON verifications ("expiresAt");

-- What a person wanted done to their sessions, by the idempotency key they gave it. They are of no organization, so no
-- organization's requests could hold it.
CREATE TABLE session_requests (
  "userId" text NOT NULL REFERENCES users,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 128),
  -- SHA-256 of the mutation and its input, hexadecimal.
  digest text NOT NULL,
  -- How many sessions it ended; null while that is not carried out.
  ended int,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY ("userId", key)
);
CREATE INDEX session_requests_at ON session_requests (at);

-- What cookies are signed with: one row, made by whoever starts first and shared by every instance.
CREATE TABLE identity_secret (
  id smallint PRIMARY KEY CHECK (id = 1),
  secret text NOT NULL CHECK (char_length(secret) >= 43)
);

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON sessions TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO warroom_identity;

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON accounts TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts TO warroom_identity;

ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON verifications TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON verifications TO warroom_identity;

ALTER TABLE session_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON session_requests TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON session_requests TO warroom_identity;

ALTER TABLE identity_secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON identity_secret TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON identity_secret TO warroom_identity;
