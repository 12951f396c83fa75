-- What requests to an action webhook are signed with. It has to be read back, so it is sealed, not hashed; no role that
-- serves an organization's people may read it. The one before goes on counting until `overlap_ends_at`.
CREATE TABLE action_webhook_secret (
  organization_id uuid NOT NULL REFERENCES organization,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 100),
  sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 2 AND 4096),
  previous bytea CHECK (octet_length(previous) BETWEEN 2 AND 4096),
  overlap_ends_at timestamptz(3),
  PRIMARY KEY (organization_id, source),
  CHECK ((previous IS NULL) = (overlap_ends_at IS NULL))
);
ALTER TABLE action_webhook_secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON action_webhook_secret FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON action_webhook_secret TO warroom_platform;

CREATE FUNCTION write_action_webhook_secrets(org uuid, rows jsonb, accepted boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.source, r.sealed, r.overlap_ends_at
    FROM jsonb_to_recordset(rows -> 'action_webhook_secret') AS r (
      o int, source text, sealed text, overlap_ends_at timestamptz
    )
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    IF item.sealed IS NULL THEN
      DELETE FROM action_webhook_secret s WHERE s.organization_id = org AND s.source = item.source;
    ELSE
      INSERT INTO action_webhook_secret AS s (organization_id, source, sealed)
      VALUES (org, item.source, decode(item.sealed, 'hex'))
      ON CONFLICT (organization_id, source) DO UPDATE SET sealed = excluded.sealed,
        previous = CASE WHEN item.overlap_ends_at IS NULL THEN NULL ELSE s.sealed END,
        overlap_ends_at = item.overlap_ends_at;
    END IF;
  END LOOP;
END
$$;

REVOKE ALL ON FUNCTION write_action_webhook_secrets(uuid, jsonb, boolean[]) FROM PUBLIC;
