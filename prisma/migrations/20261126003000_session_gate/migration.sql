-- Since when an incident blocks sessions, as the administration ledger has it; null when it does not. Part of what a
-- change of the incident is decided on, so it stands in the row whose version is compared.
ALTER TABLE incident ADD COLUMN gate_blocked_at timestamptz(3);

-- The few that block, the longest first. An ordinary update changes none of its columns, so it stays a HOT update.
CREATE INDEX incident_blocking ON incident (organization_id, gate_blocked_at, id) WHERE gate_blocked_at IS NOT NULL;
