-- What was approved for everybody to read: of the reserved organization `platform`, its timeline as all organizations
-- see it. The text, title, severity and status are those that were approved, and nothing else of the incident is here.
CREATE TABLE published_event (
  organization_id uuid NOT NULL,
  -- Of the incidents ledger.
  sequence bigint NOT NULL,
  incident_id uuid NOT NULL,
  message text NOT NULL,
  title text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  status text NOT NULL CHECK (status IN (
    'REPORTED', 'ACKNOWLEDGED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED', 'RESOLVED', 'CLOSED', 'CANCELLED'
  )),
  at timestamptz(3) NOT NULL,
  approved_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, sequence),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);

ALTER TABLE published_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON published_event FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON published_event TO warroom_app;

-- What `write_administration_rows` writes of what was approved, and of what no longer is.
CREATE FUNCTION write_published_events(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  INSERT INTO published_event (
    organization_id, sequence, incident_id, message, title, severity, status, at, approved_at
  )
  SELECT org, r.sequence, r.incident_id, r.message, r.title, r.severity, r.status, r.at, r.approved_at
  FROM jsonb_to_recordset(rows -> 'published_event') AS r (
    o int, sequence bigint, incident_id uuid, message text, title text, severity text, status text, at timestamptz,
    approved_at timestamptz
  )
  WHERE accepted[r.o]
  ON CONFLICT (organization_id, sequence) DO UPDATE SET message = excluded.message, title = excluded.title,
    severity = excluded.severity, status = excluded.status, approved_at = excluded.approved_at;
  FOR item IN
    SELECT r.sequence FROM jsonb_to_recordset(rows -> 'published_event_withdrawal') AS r (o int, sequence bigint)
    WHERE accepted[r.o]
  LOOP
    DELETE FROM published_event p WHERE p.organization_id = org AND p.sequence = item.sequence;
  END LOOP;
END
$$;

-- An entry of the incidents ledger that is to be approved, for `load_administration`; null when there is none.
CREATE FUNCTION load_entry(organization uuid, sequence bigint) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = warroom, pg_temp AS $$
DECLARE
  org CONSTANT uuid := organization;
  wanted CONSTANT bigint := sequence;
BEGIN
  RETURN (
    SELECT json_build_object(
      'sequence', e.sequence, 'body', e.body, 'title', l.title, 'mode', l.mode,
      'public', coalesce(v.is_public, e.is_public),
      'published', CASE WHEN p.sequence IS NOT NULL
        THEN json_build_object('message', p.message, 'title', p.title) END)
    FROM ledger_event e
    JOIN incident_list l ON l.organization_id = org AND l.incident_id = e.incident_id
    LEFT JOIN timeline_visibility v ON v.organization_id = org AND v.sequence = e.sequence
    LEFT JOIN published_event p ON p.organization_id = org AND p.sequence = e.sequence
    WHERE e.organization_id = org AND e.ledger = 0 AND e.sequence = wanted);
END
$$;

-- The only look of one organization into another: what the reserved organization `platform` has approved and still
-- proposes, newest first, entries before `before` (null: all), at most 101. Nothing without an organization set.
CREATE FUNCTION platform_timeline(before bigint, max_rows int) RETURNS TABLE (
  sequence bigint, number int, message text, title text, severity text, status text, at timestamptz,
  approved_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = warroom, pg_temp AS $$
DECLARE
  platform CONSTANT uuid := '00000000-0000-7000-8000-000000000001';
BEGIN
  IF nullif(current_setting('warroom.organization', true), '') IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT p.sequence, i.number, p.message, p.title, p.severity, p.status, p.at, p.approved_at
    FROM published_event p
    JOIN incident i ON i.organization_id = platform AND i.id = p.incident_id
    JOIN ledger_event e ON e.organization_id = platform AND e.ledger = 0 AND e.sequence = p.sequence
    LEFT JOIN timeline_visibility v ON v.organization_id = platform AND v.sequence = p.sequence
    WHERE p.organization_id = platform AND (before IS NULL OR p.sequence < before)
      AND coalesce(v.is_public, e.is_public)
    ORDER BY p.sequence DESC LIMIT least(max_rows, 101);
END
$$;

REVOKE ALL ON FUNCTION write_published_events(uuid, jsonb, boolean[]), load_entry(uuid, bigint),
  platform_timeline(bigint, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_entry(uuid, bigint), platform_timeline(bigint, int) TO warroom_app;
