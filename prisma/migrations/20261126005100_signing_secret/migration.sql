-- What the sender behind a key signs its deliveries with. It has to be read back, so it is sealed, not hashed; no role
-- that serves an organization's people may read it.
CREATE TABLE signing_secret (
  organization_id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 2 AND 4096),
  PRIMARY KEY (organization_id, api_key_id),
  FOREIGN KEY (organization_id, api_key_id) REFERENCES api_key
);
ALTER TABLE signing_secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON signing_secret FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON signing_secret TO warroom_platform;

CREATE OR REPLACE FUNCTION write_ingest_configurations(org uuid, rows jsonb, accepted boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.id, r.ingest FROM jsonb_to_recordset(rows -> 'api_key_ingest') AS r (o int, id uuid, ingest text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE api_key k SET ingest = item.ingest WHERE k.organization_id = org AND k.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.id, r.sealed
    FROM jsonb_to_recordset(rows -> 'api_key_signing_secret') AS r (o int, id uuid, sealed text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    IF item.sealed IS NULL THEN
      DELETE FROM signing_secret s WHERE s.organization_id = org AND s.api_key_id = item.id;
    ELSE
      INSERT INTO signing_secret (organization_id, api_key_id, sealed) VALUES (org, item.id, decode(item.sealed, 'hex'))
      ON CONFLICT (organization_id, api_key_id) DO UPDATE SET sealed = excluded.sealed;
    END IF;
  END LOOP;
END
$$;
