-- Deliveries that could not be taken in, as they came but for their headers, until somebody has them tried again or
-- discards them. Bounded per organization: the oldest give way.
CREATE TABLE dead_letter (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  format text NOT NULL CHECK (char_length(format) BETWEEN 1 AND 40),
  -- SHA-256 of the body: the same again is counted, not kept twice.
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  body bytea NOT NULL,
  bytes int NOT NULL CHECK (bytes >= 0),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
  problems text NOT NULL,
  -- Why it cannot be tried again; null when it can.
  not_replayable text CHECK (not_replayable IN ('TOO_LARGE', 'ADDRESS_NEEDED')),
  -- How long the sender said a body is of which only the beginning is kept; null when it did not, or all is kept.
  declared_bytes int CHECK (declared_bytes >= 0),
  count int NOT NULL CHECK (count >= 1),
  first_received_at timestamptz(3) NOT NULL,
  last_received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, api_key_id) REFERENCES api_key
);
CREATE UNIQUE INDEX dead_letter_digest ON dead_letter (organization_id, api_key_id, format, digest);
CREATE INDEX dead_letter_received ON dead_letter (organization_id, last_received_at, id);
ALTER TABLE dead_letter ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON dead_letter FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON dead_letter TO warroom_app;

-- Keeps one, counting it where it is known, and lets the oldest go beyond `most` letters or `most_bytes` of bodies.
-- `letter`: {id, api_key_id, format, digest (hexadecimal), body (base64), reason, problems, not_replayable,
-- declared_bytes, at}.
CREATE FUNCTION keep_dead_letter(organization uuid, letter jsonb, most int, most_bytes bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  content CONSTANT bytea := decode(letter ->> 'body', 'base64');
BEGIN
  PERFORM assert_organization(organization);
  -- One at a time of an organization: two that swept at once could each wait for what the other holds.
  PERFORM pg_advisory_xact_lock(hashtextextended('dead_letter ' || organization::text, 0));
  INSERT INTO dead_letter AS d (
    organization_id, id, api_key_id, format, digest, body, bytes, reason, problems, not_replayable,
    declared_bytes, count, first_received_at, last_received_at
  ) VALUES (
    organization, (letter ->> 'id')::uuid, (letter ->> 'api_key_id')::uuid, letter ->> 'format',
    decode(letter ->> 'digest', 'hex'), content, octet_length(content), letter ->> 'reason', letter ->> 'problems',
    letter ->> 'not_replayable', (letter ->> 'declared_bytes')::int, 1, (letter ->> 'at')::timestamptz, (letter ->> 'at')::timestamptz
  )
  ON CONFLICT (organization_id, api_key_id, format, digest) DO UPDATE SET count = d.count + 1,
    last_received_at = greatest(d.last_received_at, excluded.last_received_at), reason = excluded.reason,
    problems = excluded.problems, not_replayable = excluded.not_replayable, declared_bytes = excluded.declared_bytes;
  DELETE FROM dead_letter d USING (
    SELECT k.id, row_number() OVER newest AS place, sum(k.bytes) OVER newest AS total
    FROM dead_letter k WHERE k.organization_id = organization
    WINDOW newest AS (ORDER BY k.last_received_at DESC, k.id DESC)
  ) k
  WHERE d.organization_id = organization AND d.id = k.id AND (k.place > most OR k.total > most_bytes);
END
$$;

-- Notes why it was refused when it was tried again.
CREATE FUNCTION refuse_dead_letter_again(organization uuid, letter uuid, because text, told text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  UPDATE dead_letter d SET reason = because, problems = told WHERE d.organization_id = organization AND d.id = letter;
END
$$;

-- Answers whether there was one.
CREATE FUNCTION discard_dead_letter(organization uuid, letter uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  DELETE FROM dead_letter d WHERE d.organization_id = organization AND d.id = letter;
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION keep_dead_letter(uuid, jsonb, int, bigint), refuse_dead_letter_again(uuid, uuid, text, text),
  discard_dead_letter(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_dead_letter(uuid, jsonb, int, bigint), refuse_dead_letter_again(uuid, uuid, text, text),
  discard_dead_letter(uuid, uuid) TO warroom_app;
