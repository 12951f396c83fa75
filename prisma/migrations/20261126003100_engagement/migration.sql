-- What each person has acknowledged, drills aside: one row a member, kept by the commits that hold the acknowledgements.
CREATE TABLE engagement (
  organization_id uuid NOT NULL REFERENCES organization,
  -- No foreign key: whoever acknowledged stays counted, also once they are nobody here any more.
  user_id text NOT NULL,
  acknowledgement_count integer NOT NULL CHECK (acknowledgement_count >= 1),
  last_acknowledged_incident_id uuid NOT NULL,
  last_acknowledged_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, user_id),
  FOREIGN KEY (organization_id, last_acknowledged_incident_id) REFERENCES incident
);

ALTER TABLE engagement ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON engagement FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON engagement TO warroom_app;

-- Each acknowledgement, in the order of the ledger; the latest is the last.
CREATE FUNCTION write_engagement(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT e.user_id, e.incident_id, e.at
    FROM jsonb_to_recordset(rows -> 'engagement') AS e (o int, user_id text, incident_id uuid, at timestamptz)
    WHERE accepted[e.o] ORDER BY e.o
  LOOP
    INSERT INTO engagement AS known (
      organization_id, user_id, acknowledgement_count, last_acknowledged_incident_id, last_acknowledged_at
    )
    VALUES (org, item.user_id, 1, item.incident_id, item.at)
    ON CONFLICT (organization_id, user_id) DO UPDATE SET acknowledgement_count = known.acknowledgement_count + 1,
      last_acknowledged_incident_id = excluded.last_acknowledged_incident_id,
      last_acknowledged_at = excluded.last_acknowledged_at;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION write_engagement(uuid, jsonb, boolean[]) FROM PUBLIC;
