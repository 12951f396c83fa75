-- Every table of Warroom. Conventions: organization_id first in every key, so that no key crosses organizations;
-- closed vocabularies are text with CHECK (an enum's equality is not leakproof and could not use an index under
-- row-level security); no column has a default that asks a clock or rolls dice: time and ids enter as data.

CREATE TABLE organization (
  organization_id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at timestamptz(3) NOT NULL
);

-- People belong to no organization; their memberships do. The columns are better-auth's.
CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  "emailVerified" boolean NOT NULL,
  image text,
  "createdAt" timestamptz(3) NOT NULL,
  "updatedAt" timestamptz(3) NOT NULL
);

CREATE TABLE membership (
  organization_id uuid NOT NULL REFERENCES organization,
  user_id text NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('ORG_ADMIN', 'SRE_LEAD', 'ONCALL_ENGINEER', 'MEMBER', 'VIEWER')),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id, organization_id);

CREATE TABLE api_key (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  prefix text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  role text NOT NULL CHECK (role IN ('ORG_ADMIN', 'SRE_LEAD', 'ONCALL_ENGINEER', 'MEMBER', 'VIEWER')),
  scopes text[] NOT NULL CHECK (
    scopes <@ ARRAY['READ', 'RESPOND', 'INGEST', 'ADMIN', 'GATE'] AND cardinality(scopes) BETWEEN 1 AND 5
  ),
  created_at timestamptz(3) NOT NULL,
  created_by_kind text NOT NULL CHECK (created_by_kind IN ('USER', 'API_KEY', 'INTEGRATION', 'SYSTEM')),
  created_by_id text,
  created_by_role text,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  rate_limited_count integer NOT NULL DEFAULT 0 CHECK (rate_limited_count >= 0),
  rate_limited_at timestamptz(3),
  PRIMARY KEY (organization_id, id)
);
-- Across organizations: a credential is looked up before its organization is known.
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);
CREATE INDEX api_key_created_at ON api_key (organization_id, created_at, id);

-- The end of each ledger. The row of INCIDENTS (0) is what every commit of the organization locks first; it also holds
-- the number of the latest incident and the version of the policy in force. Rewritten by every commit, hence the room.
CREATE TABLE ledger_head (
  organization_id uuid NOT NULL REFERENCES organization,
  ledger smallint NOT NULL CHECK (ledger IN (0, 1)),
  sequence bigint NOT NULL CHECK (sequence >= 0),
  number integer NOT NULL CHECK (number >= 0),
  policy_version integer NOT NULL CHECK (policy_version >= 1),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, ledger)
) WITH (fillfactor = 10);

CREATE TABLE ledger_event (
  organization_id uuid NOT NULL,
  ledger smallint NOT NULL,
  sequence bigint NOT NULL CHECK (sequence >= 1),
  number integer NOT NULL CHECK (number >= 0),
  incident_id uuid,
  version integer CHECK (version >= 1),
  type text NOT NULL,
  command_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  is_public boolean NOT NULL,
  severity text CHECK (severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  body text NOT NULL,
  PRIMARY KEY (organization_id, ledger, sequence),
  UNIQUE (organization_id, incident_id, version),
  CHECK ((ledger = 0) = (incident_id IS NOT NULL AND version IS NOT NULL))
);
CREATE INDEX ledger_event_type ON ledger_event (organization_id, ledger, type, sequence);
CREATE INDEX ledger_event_severity ON ledger_event (organization_id, severity, sequence) WHERE ledger = 0;

CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: % of warroom.% is refused.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation',
          HINT = 'What happened stays recorded. Correct it by recording what is true now.';
END
$$;
CREATE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event
  FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
-- Row triggers miss TRUNCATE.
CREATE TRIGGER ledger_event_no_truncate BEFORE TRUNCATE ON ledger_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
-- Also under session_replication_role = replica.
ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_append_only;
ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_no_truncate;

-- The state decisions are made on. Rewritten by every event: no index but the key, and room for HOT updates.
CREATE TABLE incident (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  version integer NOT NULL CHECK (version >= 1),
  sequence bigint NOT NULL CHECK (sequence >= 1),
  policy_version integer NOT NULL CHECK (policy_version >= 1),
  shape smallint NOT NULL CHECK (shape >= 1),
  state text NOT NULL,
  PRIMARY KEY (organization_id, id)
) WITH (fillfactor = 80);

-- The two long texts of a state, and what text search looks into. `search` begins with the organization as a word of
-- its own, so that one GIN index answers per organization without reading the others' matches.
CREATE TABLE incident_text (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  notes text NOT NULL,
  search tsvector NOT NULL GENERATED ALWAYS AS (
    array_to_tsvector(ARRAY[organization_id::text]) || to_tsvector('simple', title || ' ' || description)
  ) STORED,
  PRIMARY KEY (organization_id, incident_id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX incident_text_search ON incident_text USING gin (search);

-- Every 32nd state, whole: any past state is the nearest one and at most 31 events.
CREATE TABLE incident_snapshot (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  sequence bigint NOT NULL,
  policy_version integer NOT NULL,
  at timestamptz(3) NOT NULL,
  shape smallint NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (organization_id, incident_id, version),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);

-- Names made on first use; `name_key` is how they compare: trimmed, lower case.
CREATE TABLE service (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, name_key)
);
CREATE TABLE team (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, name_key)
);
CREATE TABLE project (
  organization_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, name_key)
);

-- What lists filter and sort by; written only when one of the columns changes.
CREATE TABLE incident_list (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  number integer NOT NULL,
  status text NOT NULL CHECK (status IN (
    'REPORTED', 'ACKNOWLEDGED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED', 'RESOLVED', 'CLOSED', 'CANCELLED'
  )),
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  severity_rank smallint NOT NULL CHECK (severity_rank BETWEEN 1 AND 4),
  mode text NOT NULL CHECK (mode IN ('STANDARD', 'DRILL')),
  title text NOT NULL,
  source text NOT NULL,
  type text,
  environment text,
  service_id uuid,
  project_id uuid,
  owner_team_id uuid,
  assignee_id text,
  is_open boolean NOT NULL,
  acknowledged boolean NOT NULL,
  has_notes boolean NOT NULL,
  has_root_cause boolean NOT NULL,
  sla_breached boolean NOT NULL,
  overdue_at timestamptz(3),
  detected_at timestamptz(3) NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  resolved_at timestamptz(3),
  PRIMARY KEY (organization_id, incident_id),
  UNIQUE (organization_id, number),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident,
  FOREIGN KEY (organization_id, service_id) REFERENCES service,
  FOREIGN KEY (organization_id, project_id) REFERENCES project,
  FOREIGN KEY (organization_id, owner_team_id) REFERENCES team
);
CREATE INDEX incident_list_reported_at ON incident_list (organization_id, reported_at, number);
CREATE INDEX incident_list_detected_at ON incident_list (organization_id, detected_at, number);
CREATE INDEX incident_list_severity_rank ON incident_list (organization_id, severity_rank, number);
CREATE INDEX incident_list_resolved_at ON incident_list (organization_id, resolved_at, number);
CREATE INDEX incident_list_status ON incident_list (organization_id, status, reported_at, number);
CREATE INDEX incident_list_severity ON incident_list (organization_id, severity, reported_at, number);
CREATE INDEX incident_list_source ON incident_list (organization_id, source, reported_at, number);
CREATE INDEX incident_list_ended_at ON incident_list (organization_id, ended_at, number) WHERE ended_at IS NOT NULL;
CREATE INDEX incident_list_overdue_at ON incident_list (organization_id, overdue_at, number)
  WHERE overdue_at IS NOT NULL;
CREATE INDEX incident_list_type ON incident_list (organization_id, type, reported_at, number) WHERE type IS NOT NULL;
CREATE INDEX incident_list_environment ON incident_list (organization_id, environment, reported_at, number)
  WHERE environment IS NOT NULL;
CREATE INDEX incident_list_service ON incident_list (organization_id, service_id, reported_at, number)
  WHERE service_id IS NOT NULL;
CREATE INDEX incident_list_project ON incident_list (organization_id, project_id, reported_at, number)
  WHERE project_id IS NOT NULL;
CREATE INDEX incident_list_owner_team ON incident_list (organization_id, owner_team_id, reported_at, number)
  WHERE owner_team_id IS NOT NULL;
CREATE INDEX incident_list_assignee ON incident_list (organization_id, assignee_id, reported_at, number)
  WHERE assignee_id IS NOT NULL;
-- The rarer side of each yes-or-no, so that few of many are found without walking all.
CREATE INDEX incident_list_open ON incident_list (organization_id, reported_at, number) WHERE is_open;
-- Also what planning anew under a new policy walks.
CREATE INDEX incident_list_open_by_id ON incident_list (organization_id, incident_id) WHERE is_open;
CREATE INDEX incident_list_unacknowledged ON incident_list (organization_id, reported_at, number)
  WHERE NOT acknowledged;
CREATE INDEX incident_list_with_notes ON incident_list (organization_id, reported_at, number) WHERE has_notes;
CREATE INDEX incident_list_with_root_cause ON incident_list (organization_id, reported_at, number)
  WHERE has_root_cause;
CREATE INDEX incident_list_sla_breached ON incident_list (organization_id, reported_at, number) WHERE sla_breached;
CREATE INDEX incident_list_drill ON incident_list (organization_id, reported_at, number) WHERE mode = 'DRILL';

CREATE TABLE incident_tag (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  tag text NOT NULL,
  PRIMARY KEY (organization_id, incident_id, tag),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX incident_tag_tag ON incident_tag (organization_id, tag, incident_id);

CREATE TABLE incident_correlation_key (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  correlation_key text NOT NULL,
  PRIMARY KEY (organization_id, incident_id, correlation_key),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX incident_correlation_key_key ON incident_correlation_key (organization_id, correlation_key, incident_id);

-- A delivery brings many, and a foreign key costs each a look-up of its own. So there is none to the organization, whose
-- head the commit has locked, nor from what a signal brought along, which only ever comes in the commit of its signal.
CREATE TABLE signal (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid,
  type text NOT NULL CHECK (type IN (
    'METRIC', 'LOG', 'TRACE', 'ALERT', 'ERROR', 'RUN', 'HEALTH_CHECK', 'SLO', 'CUSTOM'
  )),
  source text NOT NULL,
  service_id uuid,
  environment text,
  project_id uuid,
  summary text NOT NULL,
  severity text,
  fingerprint text,
  correlation_key text,
  trace_id text,
  data_digest text,
  at timestamptz(3) NOT NULL,
  cleared_at timestamptz(3),
  -- A connector's, which the connector will clear; false once cleared.
  firing boolean NOT NULL,
  -- Repeats raise these two without an event; they are not ledger state.
  count integer NOT NULL CHECK (count >= 1),
  last_seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident,
  FOREIGN KEY (organization_id, service_id) REFERENCES service,
  FOREIGN KEY (organization_id, project_id) REFERENCES project
);
CREATE INDEX signal_at ON signal (organization_id, at, id);
CREATE INDEX signal_incident ON signal (organization_id, incident_id, at, id);
CREATE INDEX signal_type ON signal (organization_id, type, at, id);
CREATE INDEX signal_source ON signal (organization_id, source, at, id);
CREATE INDEX signal_correlation_key ON signal (organization_id, correlation_key, at, id)
  WHERE correlation_key IS NOT NULL;
CREATE INDEX signal_trace ON signal (organization_id, trace_id, at, id) WHERE trace_id IS NOT NULL;
CREATE INDEX signal_not_cleared ON signal (organization_id, at, id) WHERE cleared_at IS NULL;
CREATE INDEX signal_cleared ON signal (organization_id, at, id) WHERE cleared_at IS NOT NULL;
-- What a signal that arrives may be a repeat of.
CREATE INDEX signal_open ON signal (organization_id, incident_id, fingerprint)
  WHERE cleared_at IS NULL AND fingerprint IS NOT NULL;

CREATE TABLE signal_data (
  organization_id uuid NOT NULL,
  signal_id uuid NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (organization_id, signal_id)
);

CREATE TABLE incident_action (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN (
    'NOTE', 'COMMAND', 'PLAYBOOK', 'BULK', 'SAFE_ACTION', 'APPROVED_ACTION', 'PAGE', 'CUSTOM'
  )),
  label text NOT NULL,
  details text,
  actor_kind text NOT NULL CHECK (actor_kind IN ('USER', 'API_KEY', 'INTEGRATION', 'SYSTEM')),
  actor_id text,
  actor_role text,
  at timestamptz(3) NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX incident_action_incident ON incident_action (organization_id, incident_id, version);

CREATE TABLE escalation (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  reason text NOT NULL CHECK (reason IN ('NO_ACK', 'NO_ROOT_CAUSE', 'MANUAL', 'SEVERITY_RAISED')),
  rule text NOT NULL,
  after_minutes double precision,
  level integer NOT NULL,
  target text NOT NULL CHECK (target IN ('ON_CALL', 'SUPERVISOR', 'DIRECTOR', 'SLACK')),
  note text,
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  at timestamptz(3) NOT NULL,
  -- The incident's version of its event: an acknowledgement ends those before it.
  version integer NOT NULL,
  acknowledged_at timestamptz(3),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX escalation_incident ON escalation (organization_id, incident_id, version);
CREATE INDEX escalation_at ON escalation (organization_id, at, id);

CREATE TABLE slo_violation (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  slo_id text NOT NULL,
  window_start timestamptz(3) NOT NULL,
  window_end timestamptz(3) NOT NULL,
  error_budget_consumed double precision NOT NULL,
  threshold_breached double precision NOT NULL,
  period_days integer NOT NULL CHECK (period_days >= 1),
  details text,
  at timestamptz(3) NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX slo_violation_incident ON slo_violation (organization_id, incident_id, version);

CREATE TABLE follow_up (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  description text NOT NULL,
  status text NOT NULL CHECK (status IN ('OPEN', 'IN_PROGRESS', 'DONE')),
  assignee_id text,
  due_at timestamptz(3),
  completed_at timestamptz(3),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX follow_up_incident ON follow_up (organization_id, incident_id, id);

-- Where an event of the incidents ledger shows publicly other than it was recorded.
CREATE TABLE timeline_visibility (
  organization_id uuid NOT NULL,
  sequence bigint NOT NULL,
  incident_id uuid NOT NULL,
  is_public boolean NOT NULL,
  PRIMARY KEY (organization_id, sequence),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX timeline_visibility_incident ON timeline_visibility (organization_id, incident_id, sequence);

CREATE TABLE policy (
  organization_id uuid NOT NULL REFERENCES organization,
  version integer NOT NULL CHECK (version >= 1),
  at timestamptz(3) NOT NULL,
  -- Of the administration ledger; null for version 1, the defaults.
  sequence bigint,
  policy text NOT NULL,
  PRIMARY KEY (organization_id, version)
);
CREATE INDEX policy_at ON policy (organization_id, at, version);

-- What is to happen by itself, and when. No foreign keys: the zero incident is the organization's own (REPLAN), and a
-- declaration alone writes seven rows. Every lease without a commit in between doubles the wait, up to a minute.
CREATE TABLE deadline (
  organization_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN (
    'ACKNOWLEDGE_SLA_AT_RISK', 'ACKNOWLEDGE_SLA', 'RESOLVE_SLA_AT_RISK', 'RESOLVE_SLA', 'ESCALATION',
    'AUTO_RESOLVE_WARNING', 'AUTO_RESOLVE', 'SESSION_GATE', 'REPLAN'
  )),
  key text NOT NULL,
  due_at timestamptz(3) NOT NULL,
  lease_until timestamptz(3),
  attempts integer NOT NULL,
  PRIMARY KEY (organization_id, incident_id, kind, key)
);
-- What a claim walks, whatever is pending behind it.
CREATE INDEX deadline_claimable ON deadline ((greatest(due_at, lease_until)));

-- Who holds a dedup key, or held it last: what stops firing after its incident was resolved is still that incident's.
CREATE TABLE dedup_key (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  incident_id uuid NOT NULL,
  held boolean NOT NULL,
  PRIMARY KEY (organization_id, key),
  FOREIGN KEY (organization_id, incident_id) REFERENCES incident
);
CREATE INDEX dedup_key_incident ON dedup_key (organization_id, incident_id);

-- Answers by idempotency key, kept 7 days.
CREATE TABLE idempotency_request (
  organization_id uuid NOT NULL REFERENCES organization,
  principal text NOT NULL,
  key text NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  ledger smallint NOT NULL CHECK (ledger IN (0, 1)),
  incident_id uuid,
  first_sequence bigint,
  last_sequence bigint,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, principal, key)
);
CREATE INDEX idempotency_request_at ON idempotency_request (at);
