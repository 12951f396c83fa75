-- What changed, as deployment tools tell it: it declares nothing and decides nothing, and so is no event of a ledger. Kept
-- 90 days from when it came.
CREATE TABLE change (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  -- The same delivery twice is one change.
  digest text NOT NULL CHECK (char_length(digest) = 64),
  at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL,
  source text CHECK (char_length(source) <= 100),
  service text CHECK (char_length(service) <= 100),
  -- As the names of services are compared; the service itself may come later, or be merged into another.
  service_key text CHECK (char_length(service_key) <= 200),
  environment text CHECK (char_length(environment) <= 100),
  summary text NOT NULL CHECK (char_length(summary) <= 1024),
  -- JSON texts.
  details text,
  links text NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, api_key_id, digest)
);
CREATE INDEX change_at ON change (organization_id, at, id);
CREATE INDEX change_service ON change (organization_id, service_key, at, id);
CREATE INDEX change_received_at ON change (received_at);

ALTER TABLE change ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON change FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON change TO warroom_app;

-- Notes one change; one that came before stays.
CREATE FUNCTION note_change(organization uuid, change jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  INSERT INTO change (
    organization_id, id, api_key_id, digest, at, received_at, source, service, service_key, environment, summary,
    details, links
  )
  SELECT organization, c.id, c.api_key_id, c.digest, c.at, c.received_at, c.source, c.service, c.service_key,
    c.environment, c.summary, c.details, c.links
  FROM jsonb_to_record(note_change.change) AS c (
    id uuid, api_key_id uuid, digest text, at timestamptz, received_at timestamptz, source text, service text,
    service_key text, environment text, summary text, details text, links text
  )
  ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION note_change(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_change(uuid, jsonb) TO warroom_app;

-- Forgets at most `max_rows` changes that came before `before`; answers how many.
CREATE FUNCTION sweep_changes(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    SELECT o.organization_id, o.id FROM change o
    WHERE o.received_at < before ORDER BY o.received_at LIMIT least(max_rows, 10000) FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM change d WHERE d.organization_id = item.organization_id AND d.id = item.id;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;
REVOKE ALL ON FUNCTION sweep_changes(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_changes(timestamptz, int) TO warroom_platform;
