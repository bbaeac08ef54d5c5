-- Access records, the queue for the log, kept answers and registrations at the reader are written by functions: a database login in wrong
-- hands can neither write them past these checks nor date them, once 0023 has taken away what only the release before needs. Each record has a MAC by a key that the database does not have.
-- Runs as eg_owner, with search_path = eligibility.

-- Key id and HMAC-SHA256 of salt and canonical form. Null where the record was there before this column.
ALTER TABLE access_record ADD COLUMN mac bytea;

CREATE FUNCTION check_macs(macs bytea[]) RETURNS void
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(macs) AS m(mac) WHERE length(m.mac) IS DISTINCT FROM 33) THEN
        RAISE EXCEPTION 'an access record has a MAC of 33 bytes' USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- What is acknowledged is on disk, whatever the login's own setting says.
CREATE FUNCTION commit_durably() RETURNS void
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp AS $$
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', true); END IF;
END $$;

-- Records a group of look-ups (promise P2): those whose terminal is registered, whose terminal, person, card and document key are still at
-- the version decided on, and whose event is new. With a record go its row for the log and its answer for resends, and a card that the
-- look-up registers is registered. Numbers that were typed count as a try of their document, and are not recorded where it has been tried
-- too often. Gives the salts of those that were recorded, and of those that were not allowed. An element of each array is of one look-up.
--
-- The versions are read by scalar subqueries, one index probe each: a join would let the planner choose a scan of a whole table when its
-- statistics are off. A salt is its record's own: which were recorded is asked by it, and IS TRUE keeps that a look in a hash table; as a
-- join it is a loop in a loop, since the planner expects few of them, and a record in a group of 500 costs three times as much as in one
-- of 125.
CREATE FUNCTION record_look_ups(
    event_ids uuid[], terminal_ids uuid[], person_ids bigint[], person_versions bigint[], card_keys uuid[], card_versions bigint[],
    document_keys uuid[], document_versions bigint[], terminal_versions bigint[], validities smallint[], reasons smallint[],
    request_hashes bytea[], canonicals bytea[], salts bytea[], macs bytea[], answers bytea[], card_registrations boolean[], decisions timestamptz[])
    RETURNS TABLE (of_salt bytea, allowed boolean, registered boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    not_found CONSTANT smallint := 4;
BEGIN
    PERFORM commit_durably();
    PERFORM check_macs(macs);
    RETURN QUERY
    WITH asked AS (
      SELECT * FROM unnest(event_ids, terminal_ids, person_ids, person_versions, card_keys, card_versions, document_keys, document_versions, terminal_versions,
                           validities, reasons, request_hashes, canonicals, salts, macs, answers, card_registrations, decisions)
        AS a(event_id, terminal_id, person_id, person_version, card_key, card_version, document_key, document_version, terminal_version,
             validity, reason, request_hash, canonical, salt, mac, answer, registers_card, decided_at)
    ), proved AS (
      SELECT a.*, event_time(a.event_id) AS event_time FROM asked a
       WHERE (SELECT t.version FROM terminal t WHERE t.terminal_id = a.terminal_id) = a.terminal_version
         AND (a.person_id IS NULL OR coalesce((SELECT p.version FROM person p WHERE p.person_id = a.person_id), 0) = a.person_version)
         AND (a.card_key IS NULL OR coalesce((SELECT c.version FROM card c WHERE c.card_key = a.card_key), 0) = a.card_version)
         AND (a.document_key IS NULL OR coalesce((SELECT d.version FROM document_key d WHERE d.document_key = a.document_key), 0) = a.document_version)
    ), tried AS MATERIALIZED (
      -- In the order of their keys, as each session locks them.
      SELECT p.*, CASE WHEN p.document_key IS NULL THEN true ELSE try_document(p.document_key, p.validity = not_found) END AS may
        FROM (SELECT * FROM proved ORDER BY document_key) p
    ), recorded AS (
      INSERT INTO access_record AS r (event_id, terminal_id, event_time, person_id, validity, reason, request_hash, canonical, salt, mac)
      SELECT t.event_id, t.terminal_id, t.event_time, t.person_id, t.validity, t.reason, t.request_hash, t.canonical, t.salt, t.mac FROM tried t WHERE t.may
      ON CONFLICT DO NOTHING
      RETURNING r.event_id, r.terminal_id, r.salt
    ), queued AS (
      INSERT INTO access_queue (event_id, terminal_id, revision) SELECT r.event_id, r.terminal_id, 0 FROM recorded r
    ), kept AS (
      INSERT INTO event_answer (event_id, terminal_id, event_time, answer)
      SELECT t.event_id, t.terminal_id, t.event_time, t.answer FROM tried t WHERE t.answer IS NOT NULL AND (t.salt IN (SELECT r.salt FROM recorded r)) IS TRUE
    )
    SELECT t.salt, t.may, CASE WHEN t.may AND t.registers_card THEN register_card(t.card_key, t.decided_at) END
      FROM tried t WHERE NOT t.may OR (t.salt IN (SELECT r.salt FROM recorded r)) IS TRUE;
END $$;

-- Records what gateways journalled, without the condition of versions: the answers have left. Where a slow group committed late after all,
-- with another outcome, the journalled one follows as a superseding revision. Called twice with the same it changes nothing.
-- missing: how many are not in the table, because other writers took the same revisions again and again. unregistered: a terminal of one of
-- them that the register does not have; then nothing was recorded.
CREATE FUNCTION record_journalled(
    event_ids uuid[], terminal_ids uuid[], person_ids bigint[], validities smallint[], reasons smallint[],
    request_hashes bytea[], canonicals bytea[], salts bytea[], macs bytea[], answers bytea[], OUT missing bigint, OUT unregistered uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    -- In each, another writer may take the revision that was free a moment ago: an abandoned group, another gateway.
    most_rounds CONSTANT int := 10;
BEGIN
    missing := 0;
    PERFORM commit_durably();
    PERFORM check_macs(macs);
    SELECT a.id INTO unregistered FROM unnest(terminal_ids) AS a(id) WHERE NOT EXISTS (SELECT FROM terminal t WHERE t.terminal_id = a.id) LIMIT 1;
    IF FOUND THEN RETURN; END IF;
    FOR round IN 1..most_rounds LOOP
        WITH asked AS (
          SELECT a.*, event_time(a.event_id) AS event_time
            FROM unnest(event_ids, terminal_ids, person_ids, validities, reasons, request_hashes, canonicals, salts, macs, answers)
              AS a(event_id, terminal_id, person_id, validity, reason, request_hash, canonical, salt, mac, answer)
        ), latest AS (
          SELECT DISTINCT ON (r.event_id, r.terminal_id) r.event_id, r.terminal_id, r.revision
            FROM asked a JOIN access_record r ON r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = a.event_time
           ORDER BY r.event_id, r.terminal_id, r.revision DESC
        ), lacking AS (
          SELECT a.*, coalesce(l.revision + 1, 0)::smallint AS revision
            FROM asked a LEFT JOIN latest l USING (event_id, terminal_id)
           WHERE NOT EXISTS (SELECT FROM access_record r
                              WHERE r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = a.event_time AND r.canonical = a.canonical)
        ), recorded AS (
          INSERT INTO access_record AS r (event_id, terminal_id, revision, event_time, person_id, validity, reason, request_hash, canonical, salt, mac)
          SELECT l.event_id, l.terminal_id, l.revision, l.event_time, l.person_id, l.validity, l.reason, l.request_hash, l.canonical, l.salt, l.mac FROM lacking l
          ON CONFLICT DO NOTHING
          RETURNING r.event_id, r.terminal_id, r.revision, r.salt
        ), queued AS (
          INSERT INTO access_queue (event_id, terminal_id, revision) SELECT r.event_id, r.terminal_id, r.revision FROM recorded r
        )
        INSERT INTO event_answer (event_id, terminal_id, revision, event_time, answer)
        SELECT l.event_id, l.terminal_id, l.revision, l.event_time, l.answer
          FROM recorded r JOIN lacking l USING (event_id, terminal_id, salt) WHERE l.answer IS NOT NULL;
        SELECT count(*) INTO missing FROM unnest(event_ids, terminal_ids, canonicals) AS a(event_id, terminal_id, canonical)
         WHERE NOT EXISTS (SELECT FROM access_record r
                            WHERE r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = event_time(a.event_id) AND r.canonical = a.canonical);
        EXIT WHEN missing = 0;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION begin_charge(by_terminal uuid, of_charge uuid) RETURNS text
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp AS $$
DECLARE
    institution text;
BEGIN
    PERFORM commit_durably();
    SELECT t.institution_code INTO institution FROM terminal t WHERE t.terminal_id = by_terminal AND t.revoked_at IS NULL;
    IF institution IS NOT NULL THEN PERFORM pg_advisory_xact_lock(hashtextextended(institution || of_charge::text, 0)); END IF;
    RETURN institution;
END $$;

-- A chunk of appointments is taken by a transaction that brings its results, or by none.
CREATE FUNCTION refuse_chunk_without_results() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM appointment_result r WHERE r.reception_number = OLD.reception_number AND r.first_row = OLD.first_row) THEN
        RAISE EXCEPTION 'a chunk of appointments is taken with its results' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER taken_with_results AFTER DELETE ON appointment_chunk DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse_chunk_without_results();

-- As before, and with each record what proves that a gateway made it, and whose row it is.
DROP FUNCTION access_records_of(bigint);
CREATE FUNCTION access_records_of(of_look bigint)
    RETURNS TABLE (event_time timestamptz, event_id uuid, terminal_id uuid, revision smallint, person_id bigint, canonical bytea, salt bytea, mac bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    WITH look AS MATERIALIZED (
        SELECT l.person_id, l.from_day::timestamp AT TIME ZONE 'Asia/Tokyo' AS first, (l.until_day + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' AS beyond,
            ARRAY(SELECT t.terminal_id FROM terminal t WHERE t.terminal_id = l.terminal_id OR t.institution_code = l.institution_code) AS terminals
        FROM access_look l
        WHERE l.look_id = of_look AND l.asked_as = session_user
          AND l.recorded_in IS DISTINCT FROM pg_current_xact_id_if_assigned() AND l.recorded_at > clock_timestamp() - interval '10 minutes'
    )
    SELECT r.event_time, r.event_id, r.terminal_id, r.revision, r.person_id, r.canonical, r.salt, r.mac FROM access_record r
    WHERE r.person_id = (SELECT k.person_id FROM look k) AND r.event_time >= (SELECT k.first FROM look k) AND r.event_time < (SELECT k.beyond FROM look k)
    UNION ALL
    SELECT r.event_time, r.event_id, r.terminal_id, r.revision, r.person_id, r.canonical, r.salt, r.mac FROM access_record r
    WHERE (SELECT k.terminals <> '{}' FROM look k) AND r.terminal_id = ANY ((SELECT k.terminals FROM look k)::uuid[])
      AND r.event_time >= (SELECT k.first FROM look k) AND r.event_time < (SELECT k.beyond FROM look k)
    ORDER BY 1, 2, 3, 4
$$;

REVOKE ALL ON FUNCTION check_macs(bytea[]), commit_durably(), refuse_chunk_without_results(), access_records_of(bigint),
    record_look_ups(uuid[], uuid[], bigint[], bigint[], uuid[], bigint[], uuid[], bigint[], bigint[], smallint[], smallint[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], timestamptz[]),
    record_journalled(uuid[], uuid[], bigint[], smallint[], smallint[], bytea[], bytea[], bytea[], bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    record_look_ups(uuid[], uuid[], bigint[], bigint[], uuid[], bigint[], uuid[], bigint[], bigint[], smallint[], smallint[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], timestamptz[]),
    record_journalled(uuid[], uuid[], bigint[], smallint[], smallint[], bytea[], bytea[], bytea[], bytea[], bytea[]) TO eg_gateway;
GRANT EXECUTE ON FUNCTION access_records_of(bigint) TO eg_auditor;
