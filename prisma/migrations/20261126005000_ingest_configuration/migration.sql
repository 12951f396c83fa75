-- How what a key of scope INGEST brings is read: JSON text as its event has it; null while it was never configured.
ALTER TABLE api_key ADD COLUMN ingest text CHECK (octet_length(ingest) <= 65536);

-- What `write_administration_rows` writes of configurations.
CREATE FUNCTION write_ingest_configurations(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.id, r.ingest FROM jsonb_to_recordset(rows -> 'api_key_ingest') AS r (o int, id uuid, ingest text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE api_key k SET ingest = item.ingest WHERE k.organization_id = org AND k.id = item.id;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION write_ingest_configurations(uuid, jsonb, boolean[]) FROM PUBLIC;
