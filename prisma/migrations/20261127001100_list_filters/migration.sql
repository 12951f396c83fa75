-- Every filter of the lists of changes and of dead letters has an index in the order of the list.
CREATE INDEX change_source ON change (organization_id, source, at, id);
CREATE INDEX change_environment ON change (organization_id, environment, at, id);
CREATE INDEX dead_letter_format ON dead_letter (organization_id, format, last_received_at, id);
