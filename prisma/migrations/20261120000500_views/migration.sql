-- For people with a SQL prompt. They run as whoever asks, so row-level security holds.

CREATE VIEW current_incident_status WITH (security_invoker = true) AS
SELECT l.organization_id, l.incident_id,
  'INC-' || lpad(l.number::text, greatest(3, length(l.number::text)), '0') AS reference,
  l.number, l.title, l.status, l.severity, l.mode, l.source, l.is_open, l.acknowledged, l.sla_breached,
  l.detected_at, l.reported_at, l.resolved_at, l.overdue_at, i.version, i.sequence
FROM incident_list l JOIN incident i ON i.organization_id = l.organization_id AND i.id = l.incident_id;

CREATE VIEW open_incidents WITH (security_invoker = true) AS
SELECT * FROM current_incident_status WHERE is_open;

-- The one place that may ask the database's clock, unless the session says what time it is.
CREATE VIEW overdue_incidents WITH (security_invoker = true) AS
SELECT * FROM current_incident_status
WHERE is_open AND NOT acknowledged
  AND overdue_at <= coalesce(nullif(current_setting('warroom.now', true), '')::timestamptz, clock_timestamp());

GRANT SELECT ON current_incident_status, open_incidents, overdue_incidents TO warroom_app;
