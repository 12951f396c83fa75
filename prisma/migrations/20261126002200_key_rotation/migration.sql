-- A key that is rotated keeps its id, which is what incidents, acknowledgements and dedup keys know it by, and gets a new
-- secret; the one before works beside it until `previous_ends_at`.
ALTER TABLE api_key ADD COLUMN previous_hash bytea CHECK (octet_length(previous_hash) = 32),
  ADD COLUMN previous_ends_at timestamptz(3),
  ADD CHECK ((previous_hash IS NULL) = (previous_ends_at IS NULL));
CREATE UNIQUE INDEX api_key_previous_hash ON api_key (previous_hash);

-- What `write_administration_rows` writes of rotations: what the event says, and the hash of the new secret, which it
-- does not say.
CREATE FUNCTION write_key_rotations(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.id, r.prefix, r.previous_ends_at, s.hash
    FROM jsonb_to_recordset(rows -> 'api_key_rotation') AS r (o int, id uuid, prefix text, previous_ends_at timestamptz)
    JOIN jsonb_to_recordset(rows -> 'api_key_secret') AS s (o int, id uuid, hash text) ON s.o = r.o AND s.id = r.id
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE api_key k SET prefix = item.prefix, hash = decode(item.hash, 'hex'), previous_hash = k.hash,
      previous_ends_at = item.previous_ends_at
    WHERE k.organization_id = org AND k.id = item.id;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION write_key_rotations(uuid, jsonb, boolean[]) FROM PUBLIC;
