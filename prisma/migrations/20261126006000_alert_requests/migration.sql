-- What became of requests whose senders ask for it later, as Opsgenie's clients do. What a request did is committed, and
-- this written, before its sender is told the id; kept 7 days, as answers to idempotency keys are.
CREATE TABLE alert_request (
  organization_id uuid NOT NULL REFERENCES organization,
  api_key_id uuid NOT NULL,
  request_id uuid NOT NULL,
  action text NOT NULL CHECK (char_length(action) <= 40),
  succeeded boolean NOT NULL,
  outcome text NOT NULL CHECK (char_length(outcome) <= 500),
  -- Null when it reached no alert. No foreign key: the incident is there for ever, and this is not.
  incident_id uuid,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, api_key_id, request_id)
);
CREATE INDEX alert_request_at ON alert_request (at);

ALTER TABLE alert_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON alert_request FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON alert_request TO warroom_app;

-- Notes what became of one request; one noted already stays.
CREATE FUNCTION note_alert_request(organization uuid, request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
BEGIN
  PERFORM assert_organization(organization);
  INSERT INTO alert_request (
    organization_id, api_key_id, request_id, action, succeeded, outcome, incident_id, at
  )
  SELECT organization, r.api_key_id, r.request_id, r.action, r.succeeded, r.outcome, r.incident_id, r.at
  FROM jsonb_to_record(request) AS r (
    api_key_id uuid, request_id uuid, action text, succeeded boolean, outcome text, incident_id uuid,
    at timestamptz
  )
  ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION note_alert_request(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_alert_request(uuid, jsonb) TO warroom_app;

-- Forgets at most `max_rows` of those from before `before`; answers how many.
CREATE FUNCTION sweep_alert_requests(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    SELECT o.organization_id, o.api_key_id, o.request_id FROM alert_request o
    WHERE o.at < before ORDER BY o.at LIMIT least(max_rows, 10000) FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM alert_request d
    WHERE d.organization_id = item.organization_id AND d.api_key_id = item.api_key_id
      AND d.request_id = item.request_id;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;
REVOKE ALL ON FUNCTION sweep_alert_requests(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_alert_requests(timestamptz, int) TO warroom_platform;
