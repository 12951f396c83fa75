-- Who sees what. Nobody but the owner's functions writes: warroom_app reads its organization, warroom_platform a few
-- tables across organizations, warroom_identity keeps the people who sign in. With no organization set nothing is
-- visible. Every condition is leakproof, so that indexes still serve. Not FORCEd: backups and migrations by the owner
-- would silently see nothing.

REVOKE ALL ON ALL TABLES IN SCHEMA warroom FROM PUBLIC;
GRANT USAGE ON SCHEMA warroom TO warroom_app, warroom_platform, warroom_identity;

ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON organization FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON organization TO warroom_app;

ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON membership FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON membership TO warroom_app;

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON api_key FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON api_key TO warroom_app;

ALTER TABLE ledger_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON ledger_head FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON ledger_head TO warroom_app;

ALTER TABLE ledger_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON ledger_event FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON ledger_event TO warroom_app;

ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident TO warroom_app;

ALTER TABLE incident_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_text FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_text TO warroom_app;

ALTER TABLE incident_snapshot ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_snapshot FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_snapshot TO warroom_app;

ALTER TABLE service ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON service FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON service TO warroom_app;

ALTER TABLE team ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON team FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON team TO warroom_app;

ALTER TABLE project ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON project FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON project TO warroom_app;

ALTER TABLE incident_list ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_list FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_list TO warroom_app;

ALTER TABLE incident_tag ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_tag FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_tag TO warroom_app;

ALTER TABLE incident_correlation_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_correlation_key FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_correlation_key TO warroom_app;

ALTER TABLE signal ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON signal FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON signal TO warroom_app;

ALTER TABLE signal_data ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON signal_data FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON signal_data TO warroom_app;

ALTER TABLE incident_action ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON incident_action FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON incident_action TO warroom_app;

ALTER TABLE escalation ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON escalation FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON escalation TO warroom_app;

ALTER TABLE slo_violation ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON slo_violation FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON slo_violation TO warroom_app;

ALTER TABLE follow_up ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON follow_up FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON follow_up TO warroom_app;

ALTER TABLE timeline_visibility ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON timeline_visibility FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON timeline_visibility TO warroom_app;

ALTER TABLE policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON policy FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON policy TO warroom_app;

ALTER TABLE deadline ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON deadline FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON deadline TO warroom_app;

ALTER TABLE dedup_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON dedup_key FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON dedup_key TO warroom_app;

ALTER TABLE idempotency_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON idempotency_request FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON idempotency_request TO warroom_app;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON users FOR SELECT TO warroom_app
  USING (EXISTS (
    SELECT 1 FROM membership
    WHERE membership.organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid)
      AND membership.user_id = users.id
  ));
GRANT SELECT ON users TO warroom_app;

CREATE POLICY of_identity ON users TO warroom_identity USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO warroom_identity;

CREATE POLICY of_platform ON organization FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON organization TO warroom_platform;

CREATE POLICY of_platform ON membership FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON membership TO warroom_platform;

CREATE POLICY of_platform ON api_key FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON api_key TO warroom_platform;

CREATE POLICY of_platform ON ledger_head FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON ledger_head TO warroom_platform;

CREATE POLICY of_platform ON deadline FOR SELECT TO warroom_platform USING (true);
GRANT SELECT ON deadline TO warroom_platform;
