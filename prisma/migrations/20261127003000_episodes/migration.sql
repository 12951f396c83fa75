-- Signals that know since when, as their source says, and clearings that came before what they end. `began_at` is derived
-- from events; what was ingested before does not say it.
ALTER TABLE signal ADD COLUMN began_at timestamptz(3);
-- Whether a signal that arrives is of an episode that is over. Of one that fires there is no entry.
CREATE INDEX signal_over ON signal (organization_id, dedup_key, fingerprint, began_at)
  WHERE cleared_at IS NOT NULL AND began_at IS NOT NULL;

-- How often a row of `early_clearing` was written: who attaches signals compares it, so that none is missed that came
-- after the load.
ALTER TABLE ledger_head ADD COLUMN early_clearings bigint NOT NULL DEFAULT 0;

-- Of a dedup key and fingerprint ('': whatever comes by the key) the latest end that came when nothing of it fired: what
-- began no later is over, should it come yet. Kept 7 days, and of an organization the latest 100,000.
CREATE TABLE early_clearing (
  organization_id uuid NOT NULL REFERENCES organization,
  dedup_key text NOT NULL CHECK (char_length(dedup_key) <= 200),
  fingerprint text NOT NULL CHECK (char_length(fingerprint) <= 200),
  ended_at timestamptz(3) NOT NULL,
  remembered_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, dedup_key, fingerprint)
);
CREATE INDEX early_clearing_remembered_at ON early_clearing (remembered_at);
CREATE INDEX early_clearing_latest ON early_clearing (organization_id, remembered_at);

ALTER TABLE early_clearing ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON early_clearing FOR SELECT TO warroom_app
  USING (organization_id = (SELECT nullif(current_setting('warroom.organization', true), '')::uuid));
GRANT SELECT ON early_clearing TO warroom_app;

-- Part of `commit`. One that says nothing new is not written.
CREATE FUNCTION write_early_clearings(org uuid, rows jsonb, accepted boolean[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO early_clearing AS known (organization_id, dedup_key, fingerprint, ended_at, remembered_at)
  SELECT DISTINCT ON (r.dedup_key, r.fingerprint) org, r.dedup_key, r.fingerprint, r.ended_at, r.remembered_at
  FROM jsonb_to_recordset(rows -> 'early_clearing')
    AS r (o int, dedup_key text, fingerprint text, ended_at timestamptz, remembered_at timestamptz)
  WHERE accepted[r.o] ORDER BY r.dedup_key, r.fingerprint, r.ended_at DESC
  ON CONFLICT (organization_id, dedup_key, fingerprint) DO UPDATE
    SET ended_at = excluded.ended_at, remembered_at = excluded.remembered_at
    WHERE known.ended_at < excluded.ended_at;
  IF FOUND THEN
    UPDATE ledger_head h SET early_clearings = h.early_clearings + 1 WHERE h.organization_id = org AND h.ledger = 0;
  END IF;
END
$$;

-- Forgets at most `max_rows` early clearings that came before `before`, or are older than the latest 100,000 of their
-- organization; answers how many.
CREATE FUNCTION sweep_early_clearings(before timestamptz, max_rows int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = warroom, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  at_most CONSTANT int := least(max_rows, 10000);
  swept int := 0;
  item record;
BEGIN
  FOR item IN
    (
      SELECT c.organization_id, c.dedup_key, c.fingerprint FROM early_clearing c
      WHERE c.remembered_at < before ORDER BY c.remembered_at LIMIT at_most
    )
    UNION
    (
      SELECT c.organization_id, c.dedup_key, c.fingerprint
      FROM organization o,
        LATERAL (
          SELECT e.* FROM early_clearing e WHERE e.organization_id = o.organization_id
          ORDER BY e.remembered_at DESC OFFSET 100000 LIMIT at_most
        ) c
      LIMIT at_most
    )
    LIMIT at_most
  LOOP
    DELETE FROM early_clearing d WHERE d.organization_id = item.organization_id AND d.dedup_key = item.dedup_key
      AND d.fingerprint = item.fingerprint;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END
$$;
REVOKE ALL ON FUNCTION write_early_clearings(uuid, jsonb, boolean[]), sweep_early_clearings(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_early_clearings(timestamptz, int) TO warroom_platform;
