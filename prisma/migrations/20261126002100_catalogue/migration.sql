-- Names made on first use grow into a catalogue. An entry that was merged into another stays as its alias: it keeps its
-- name until the other takes it, and its id, because ledgers and lists say it. Aliases never point at aliases.

ALTER TABLE team ALTER COLUMN name_key DROP NOT NULL,
  ADD COLUMN slack_channel text CHECK (char_length(slack_channel) BETWEEN 1 AND 80),
  ADD COLUMN merged_into uuid,
  ADD FOREIGN KEY (organization_id, merged_into) REFERENCES team,
  ADD CHECK (name_key IS NOT NULL OR merged_into IS NOT NULL);
ALTER TABLE service ALTER COLUMN name_key DROP NOT NULL,
  ADD COLUMN owner_team_id uuid,
  ADD COLUMN tier smallint CHECK (tier BETWEEN 1 AND 4),
  ADD COLUMN runbook text CHECK (char_length(runbook) BETWEEN 1 AND 500),
  ADD COLUMN merged_into uuid,
  ADD FOREIGN KEY (organization_id, owner_team_id) REFERENCES team,
  ADD FOREIGN KEY (organization_id, merged_into) REFERENCES service,
  ADD CHECK (name_key IS NOT NULL OR merged_into IS NOT NULL);
ALTER TABLE project ALTER COLUMN name_key DROP NOT NULL,
  ADD COLUMN merged_into uuid,
  ADD FOREIGN KEY (organization_id, merged_into) REFERENCES project,
  ADD CHECK (name_key IS NOT NULL OR merged_into IS NOT NULL);
CREATE INDEX team_aliases ON team (organization_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX service_aliases ON service (organization_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX project_aliases ON project (organization_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE team_member (
  organization_id uuid NOT NULL,
  team_id uuid NOT NULL,
  user_id text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, team_id, user_id),
  FOREIGN KEY (organization_id, team_id) REFERENCES team,
  FOREIGN KEY (organization_id, user_id) REFERENCES membership
);
CREATE INDEX team_member_user ON team_member (organization_id, user_id);

ALTER TABLE team_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON team_member FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON team_member TO warroom_app;

-- Ordinals of the changes that make or take a name somebody else has. An entry may take the name of its own alias.
CREATE OR REPLACE FUNCTION clashing_names(org uuid, rows jsonb) RETURNS int[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  clashing int[] := '{}';
BEGIN
  IF rows ?| ARRAY['service', 'service_name'] THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM (
        SELECT m.* FROM jsonb_to_recordset(rows -> 'service') AS m (o int, id uuid, name_key text)
        UNION ALL
        SELECT t.* FROM jsonb_to_recordset(rows -> 'service_name') AS t (o int, id uuid, name_key text)
      ) r,
        LATERAL (
          SELECT n.id, n.merged_into FROM service n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0
        ) n
      WHERE n.id <> r.id AND n.merged_into IS DISTINCT FROM r.id);
  END IF;
  IF rows ?| ARRAY['team', 'team_name'] THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM (
        SELECT m.* FROM jsonb_to_recordset(rows -> 'team') AS m (o int, id uuid, name_key text)
        UNION ALL
        SELECT t.* FROM jsonb_to_recordset(rows -> 'team_name') AS t (o int, id uuid, name_key text)
      ) r,
        LATERAL (
          SELECT n.id, n.merged_into FROM team n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0
        ) n
      WHERE n.id <> r.id AND n.merged_into IS DISTINCT FROM r.id);
  END IF;
  IF rows ?| ARRAY['project', 'project_name'] THEN
    clashing := clashing || ARRAY(
      SELECT r.o FROM (
        SELECT m.* FROM jsonb_to_recordset(rows -> 'project') AS m (o int, id uuid, name_key text)
        UNION ALL
        SELECT t.* FROM jsonb_to_recordset(rows -> 'project_name') AS t (o int, id uuid, name_key text)
      ) r,
        LATERAL (
          SELECT n.id, n.merged_into FROM project n WHERE n.organization_id = org AND n.name_key = r.name_key OFFSET 0
        ) n
      WHERE n.id <> r.id AND n.merged_into IS DISTINCT FROM r.id);
  END IF;
  RETURN clashing;
END
$$;

-- What `write_administration_rows` writes of the catalogue, after the names of the batch. `…_name`: takes the name from
-- its own alias, if that has it. `…_details`: `changes` holds the columns that change. `…_merge`: and whatever was merged
-- into `id` before.
CREATE FUNCTION write_catalogue(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'service_name') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE service t SET name_key = NULL
    WHERE t.organization_id = org AND t.name_key = item.name_key AND t.id <> item.id;
    UPDATE service t SET name = item.name, name_key = item.name_key WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'team_name') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE team t SET name_key = NULL
    WHERE t.organization_id = org AND t.name_key = item.name_key AND t.id <> item.id;
    UPDATE team t SET name = item.name, name_key = item.name_key WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'project_name') AS r (o int, id uuid, name text, name_key text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE project t SET name_key = NULL
    WHERE t.organization_id = org AND t.name_key = item.name_key AND t.id <> item.id;
    UPDATE project t SET name = item.name, name_key = item.name_key WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'service_details') AS r (o int, id uuid, changes jsonb)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE service t SET
      owner_team_id = CASE WHEN item.changes ? 'owner_team_id'
        THEN (item.changes ->> 'owner_team_id')::uuid ELSE t.owner_team_id END,
      tier = CASE WHEN item.changes ? 'tier' THEN (item.changes ->> 'tier')::smallint ELSE t.tier END,
      runbook = CASE WHEN item.changes ? 'runbook' THEN item.changes ->> 'runbook' ELSE t.runbook END
    WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'team_details') AS r (o int, id uuid, changes jsonb)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE team t SET slack_channel = item.changes ->> 'slack_channel'
    WHERE t.organization_id = org AND t.id = item.id AND item.changes ? 'slack_channel';
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'service_merge') AS r (o int, id uuid, merged_into uuid)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE service t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.merged_into = item.id;
    UPDATE service t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'project_merge') AS r (o int, id uuid, merged_into uuid)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE project t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.merged_into = item.id;
    UPDATE project t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.id = item.id;
  END LOOP;
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'team_merge') AS r (o int, id uuid, merged_into uuid)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    UPDATE team t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.merged_into = item.id;
    UPDATE team t SET merged_into = item.merged_into WHERE t.organization_id = org AND t.id = item.id;
    INSERT INTO team_member (organization_id, team_id, user_id, created_at)
    SELECT org, item.merged_into, m.user_id, m.created_at FROM team_member m
    WHERE m.organization_id = org AND m.team_id = item.id
    ON CONFLICT DO NOTHING;
    DELETE FROM team_member t WHERE t.organization_id = org AND t.team_id = item.id;
  END LOOP;
  INSERT INTO team_member (organization_id, team_id, user_id, created_at)
  SELECT org, r.team_id, r.user_id, r.created_at
  FROM jsonb_to_recordset(rows -> 'team_member') AS r (o int, team_id uuid, user_id text, created_at timestamptz)
  WHERE accepted[r.o];
  FOR item IN
    SELECT r.* FROM jsonb_to_recordset(rows -> 'team_member_removal') AS r (o int, team_id uuid, user_id text)
    WHERE accepted[r.o] ORDER BY r.o
  LOOP
    DELETE FROM team_member t
    WHERE t.organization_id = org AND t.team_id = item.team_id AND t.user_id = item.user_id;
  END LOOP;
END
$$;

-- What one command of administration names of the catalogue, for `load_administration`: named [{kind, key}], entries
-- [{kind, id}], team_member {team, user}. Rows are arrays, in the order selected here.
CREATE FUNCTION load_catalogue(organization uuid, request jsonb) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = warroom, pg_temp AS $$
DECLARE
  org CONSTANT uuid := organization;
  named json;
  services json;
  teams json;
  projects json;
BEGIN
  IF request ? 'named' THEN
    SELECT json_agg(json_build_array(n.kind, n.name_key, n.id, n.merged_into)) INTO named
    FROM (
      SELECT q.kind, n.* FROM jsonb_to_recordset(request -> 'named') AS q (kind text, key text),
        LATERAL (
          SELECT v.name_key, v.id, v.merged_into FROM service v
          WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0
        ) n
      WHERE q.kind = 'SERVICE'
      UNION ALL
      SELECT q.kind, n.* FROM jsonb_to_recordset(request -> 'named') AS q (kind text, key text),
        LATERAL (
          SELECT v.name_key, v.id, v.merged_into FROM team v
          WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0
        ) n
      WHERE q.kind = 'TEAM'
      UNION ALL
      SELECT q.kind, n.* FROM jsonb_to_recordset(request -> 'named') AS q (kind text, key text),
        LATERAL (
          SELECT v.name_key, v.id, v.merged_into FROM project v
          WHERE v.organization_id = org AND v.name_key = q.key OFFSET 0
        ) n
      WHERE q.kind = 'PROJECT'
    ) n;
  END IF;
  IF request ? 'services' THEN
    SELECT json_agg(json_build_array(s.id, s.name, s.merged_into, s.owner_team_id, s.tier, s.runbook)) INTO services
    FROM (SELECT x.id::uuid AS id FROM jsonb_array_elements_text(request -> 'services') AS x (id) OFFSET 0) q,
      LATERAL (SELECT v.* FROM service v WHERE v.organization_id = org AND v.id = q.id OFFSET 0) s;
  END IF;
  IF request ? 'teams' THEN
    SELECT json_agg(json_build_array(s.id, s.name, s.merged_into, s.slack_channel)) INTO teams
    FROM (SELECT x.id::uuid AS id FROM jsonb_array_elements_text(request -> 'teams') AS x (id) OFFSET 0) q,
      LATERAL (SELECT v.* FROM team v WHERE v.organization_id = org AND v.id = q.id OFFSET 0) s;
  END IF;
  IF request ? 'projects' THEN
    SELECT json_agg(json_build_array(s.id, s.name, s.merged_into)) INTO projects
    FROM (SELECT x.id::uuid AS id FROM jsonb_array_elements_text(request -> 'projects') AS x (id) OFFSET 0) q,
      LATERAL (SELECT v.* FROM project v WHERE v.organization_id = org AND v.id = q.id OFFSET 0) s;
  END IF;
  RETURN json_build_object(
    'named', named, 'services', services, 'teams', teams, 'projects', projects,
    'in_team', EXISTS (
      SELECT 1 FROM team_member m
      WHERE m.organization_id = org AND m.team_id = (request #>> '{team_member,team}')::uuid
        AND m.user_id = request #>> '{team_member,user}'));
END
$$;

REVOKE ALL ON FUNCTION write_catalogue(uuid, jsonb, boolean[]), load_catalogue(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load_catalogue(uuid, jsonb) TO warroom_app;
