-- Every error that was reported, with the incident it became or joined: for ever, whatever becomes of the incident. Its
-- source and id name it: what two sources call 1042 are two errors. Told again under a higher level it is judged anew, and
-- is a row of that level beside the first. LOW and MEDIUM ones that found no open incident have none.
CREATE TABLE reported_error (
  organization_id uuid NOT NULL REFERENCES organization,
  error_id text NOT NULL CHECK (char_length(error_id) BETWEEN 1 AND 200),
  incident_id uuid,
  signal_id uuid,
  outcome text NOT NULL CHECK (outcome IN ('CREATED', 'JOINED', 'REOPENED', 'RECORDED', 'DROPPED')),
  -- It raised the count of its signal instead of making one.
  repeats boolean NOT NULL,
  fingerprint text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('P0', 'CRITICAL', 'P1', 'HIGH', 'P2', 'MEDIUM', 'LOW')),
  -- The severity that `severity` reads as: P0 and CRITICAL are one.
  level text NOT NULL CHECK (level IN ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  source text NOT NULL,
  component text,
  type text,
  message text NOT NULL,
  environment text,
  correlation_key text,
  trace_id text,
  data text,
  at timestamptz(3) NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, error_id, source, level),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident,
  FOREIGN KEY (organization_id, signal_id) REFERENCES signal,
  CHECK ((incident_id IS NULL) = (outcome IN ('RECORDED', 'DROPPED')))
);
CREATE INDEX reported_error_at ON reported_error (organization_id, at, error_id, source, level);
CREATE INDEX reported_error_incident ON reported_error (organization_id, incident_id, at, error_id, source, level)
  WHERE incident_id IS NOT NULL;
CREATE INDEX reported_error_fingerprint ON reported_error (organization_id, fingerprint, at, error_id, source, level);
CREATE INDEX reported_error_source ON reported_error (organization_id, source, at, error_id, level);
CREATE INDEX reported_error_severity ON reported_error (organization_id, severity, at, error_id, source, level);

CREATE FUNCTION refuse_reported_error_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Reported errors stay as they are: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER reported_error_append_only BEFORE UPDATE OR DELETE ON reported_error
  FOR EACH ROW EXECUTE FUNCTION refuse_reported_error_change();
CREATE TRIGGER reported_error_no_truncate BEFORE TRUNCATE ON reported_error
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_reported_error_change();
ALTER TABLE reported_error ENABLE ALWAYS TRIGGER reported_error_append_only;
ALTER TABLE reported_error ENABLE ALWAYS TRIGGER reported_error_no_truncate;

ALTER TABLE reported_error ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON reported_error FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON reported_error TO warroom_app;

-- An error told twice, if to two instances at once, is written once; only then does a repeat count.
CREATE FUNCTION write_errors(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    WITH written AS (
      INSERT INTO reported_error (
        organization_id, error_id, incident_id, signal_id, outcome, repeats, fingerprint, severity, level, source,
        component, type, message, environment, correlation_key, trace_id, data, at, reported_at
      )
      SELECT DISTINCT ON (r.error_id, r.source, r.level) org, r.error_id, r.incident_id, r.signal_id, r.outcome, r.repeats,
        r.fingerprint, r.severity, r.level, r.source, r.component, r.type, r.message, r.environment, r.correlation_key,
        r.trace_id, r.data, r.at, r.reported_at
      FROM jsonb_to_recordset(rows -> 'reported_error') AS r (
        o int, error_id text, incident_id uuid, signal_id uuid, outcome text, repeats boolean, fingerprint text,
        severity text, level text, source text, component text, type text, message text, environment text, correlation_key text,
        trace_id text, data text, at timestamptz, reported_at timestamptz
      )
      WHERE accepted[r.o] ORDER BY r.error_id, r.source, r.level, r.o
      ON CONFLICT (organization_id, error_id, source, level) DO NOTHING
      RETURNING signal_id, repeats, at
    )
    SELECT w.signal_id, count(*)::int AS count, max(w.at) AS last_seen_at
    FROM written w WHERE w.repeats GROUP BY w.signal_id ORDER BY w.signal_id
  LOOP
    UPDATE signal s SET count = s.count + item.count, last_seen_at = greatest(s.last_seen_at, item.last_seen_at)
    WHERE s.organization_id = org AND s.id = item.signal_id;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION refuse_reported_error_change(), write_errors(uuid, jsonb, boolean[]) FROM PUBLIC;
