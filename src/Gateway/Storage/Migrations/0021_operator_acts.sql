-- Who did it. What operators, insurers and card offices change leaves a row in operator_act, by triggers, in the transaction of the change:
-- no login can make the change without the row, and none but the owner can read, change or delete it. And who looks at persons' data is
-- on record by login and address too, beside what was said of who asks.
-- Runs as eg_owner, with search_path = eligibility. The role eg_auditor is made by Bootstrap.sql, which is run again before this.

-- ---------------------------------------------------------------- acts
-- An act that changes nothing leaves no row. Rows of one transaction have the same done_in.
CREATE TABLE operator_act (
    act_id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_by        text        NOT NULL DEFAULT session_user,
    from_where     inet                 DEFAULT inet_client_addr(),     -- null over a local socket
    done_in        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    act            text        NOT NULL,
    terminal_id    uuid,
    client_id      uuid,                                                -- of an insurer
    card_key       uuid,
    person_id      bigint,
    application_id text,
    batch_id       bigint,
    changed        jsonb       NOT NULL                                 -- the row that was written, or how many and where
);

-- Which file of the card office's a transaction's rows came with: a row for each transaction of an import. Rows without one came by hand.
CREATE TABLE card_office_file (
    file_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text        NOT NULL CHECK (kind IN ('cards', 'applications')),
    file_hash bytea       NOT NULL CHECK (length(file_hash) = 32),      -- SHA-256
    taken_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT INSERT ON card_office_file TO eg_card_office;

-- A row for each row. What identifies a person otherwise, and what fills pages, stays in the row's own table.
CREATE FUNCTION record_acts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO operator_act (act, terminal_id, client_id, card_key, person_id, application_id, batch_id, changed)
    SELECT TG_ARGV[0] || CASE (r.written->>'accepted')::boolean WHEN true THEN ' accept' WHEN false THEN ' refuse' ELSE '' END,
        (r.written->>'terminal_id')::uuid, (r.written->>'client_id')::uuid, (r.written->>'card_key')::uuid,
        coalesce((r.written->>'person_id')::bigint, (SELECT v.person_id FROM person_review v WHERE v.review_id = (r.written->>'review_id')::bigint)),
        r.written->>'application_id', (r.written->>'batch_id')::bigint, r.written
    FROM (SELECT to_jsonb(n) - ARRAY['birth_date', 'receipt', 'recorded_at', 'version'] AS written FROM new_rows n) r;
    RETURN NULL;
END $$;

-- A row for each card: what became of it, by what it was before.
CREATE FUNCTION record_card_acts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO operator_act (act, card_key, person_id, changed)
    SELECT 'card ' || CASE
            WHEN b.card_key IS NULL THEN 'issued'
            WHEN n.status <> b.status THEN CASE n.status WHEN 2 THEN 'lost' WHEN 3 THEN 'revoked' WHEN 4 THEN 'replaced' WHEN 5 THEN 'died' ELSE CASE b.status WHEN 2 THEN 'found' ELSE 'corrected' END END
            WHEN n.registered <> b.registered THEN CASE WHEN n.registered THEN 'registered' ELSE 'corrected' END
            WHEN n.until_day IS DISTINCT FROM b.until_day THEN 'extended'
            ELSE 'told again' END,
        n.card_key, c.person_id, to_jsonb(n) - ARRAY['card_key', 'recorded_at']
    FROM new_rows n JOIN card c ON c.card_key = n.card_key
    LEFT JOIN card_state b ON b.card_key = n.card_key AND b.revision = n.revision - 1;
    RETURN NULL;
END $$;

-- A row for each statement that writes facts: they come by the million. The second argument is 'persons' where the facts are of persons;
-- where they are of one alone, the row names that one.
CREATE FUNCTION record_act_of_facts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    rows bigint;
    first_person bigint;
    last_person bigint;
    insurers text[];
BEGIN
    IF TG_ARGV[1] = 'persons' THEN
        SELECT count(*), min(n.person_id), max(n.person_id) INTO rows, first_person, last_person FROM new_rows n;
    ELSE
        SELECT count(*) INTO rows FROM new_rows n;
    END IF;
    IF rows = 0 THEN RETURN NULL; END IF;
    -- Files of expenses have no batch that names its insurers.
    IF TG_TABLE_NAME = 'medical_expense' THEN
        SELECT array_agg(DISTINCT n.insurer_number ORDER BY n.insurer_number) INTO insurers FROM new_rows n;
    END IF;
    INSERT INTO operator_act (act, person_id, changed)
    VALUES (TG_ARGV[0], CASE WHEN first_person = last_person THEN first_person END,
        jsonb_strip_nulls(jsonb_build_object('table', TG_TABLE_NAME, 'rows', rows, 'insurers', insurers)));
    RETURN NULL;
END $$;

-- That changes were put into a batch; how many stands at the batch. Counting them would keep a second copy of the file meanwhile.
CREATE FUNCTION record_act_of_changes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO operator_act (act, changed) VALUES ('import changes', jsonb_build_object('table', TG_TABLE_NAME));
    RETURN NULL;
END $$;

-- A terminal or a client is shut out by a time in its row.
CREATE FUNCTION record_revocation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    written jsonb := to_jsonb(NEW) - ARRAY['version'];
BEGIN
    INSERT INTO operator_act (act, terminal_id, client_id, changed) VALUES (TG_ARGV[0], (written->>'terminal_id')::uuid, (written->>'client_id')::uuid, written);
    RETURN NULL;
END $$;

-- The operator's. They act by functions, whose rights are the owner's: what they change fires the triggers all the same.
CREATE TRIGGER act AFTER INSERT ON terminal REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('terminal register');
CREATE TRIGGER act_revoke AFTER UPDATE OF revoked_at ON terminal FOR EACH ROW WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION record_revocation('terminal revoke');
CREATE TRIGGER act AFTER INSERT ON insurer_client REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('insurer admit');
CREATE TRIGGER act_revoke AFTER UPDATE OF revoked_at ON insurer_client FOR EACH ROW WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION record_revocation('insurer revoke');
CREATE TRIGGER act AFTER INSERT ON person_review_decision REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('insurer review');

-- The card office's, and a card that is registered at a reader: that is done by eg_gateway, and by the terminal of the access record.
CREATE TRIGGER act AFTER INSERT ON card REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('card bind');
CREATE TRIGGER act AFTER INSERT ON card_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('card certificate', '');
CREATE TRIGGER act AFTER INSERT ON card_state REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_card_acts();
CREATE TRIGGER act AFTER INSERT ON card_application REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('card application new');
CREATE TRIGGER act AFTER INSERT ON card_application_state REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('card application');
CREATE TRIGGER act AFTER INSERT ON card_office_file REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import card office');

-- Insurers': the batch and who handed it in, what became of it, and the facts.
CREATE TRIGGER act AFTER INSERT ON insurer REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('insurer new');
CREATE TRIGGER act AFTER INSERT ON insurer_batch REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import accept');
CREATE TRIGGER act AFTER INSERT ON insurer_batch_change FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_changes();
CREATE TRIGGER act AFTER INSERT ON insurer_delivery REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import deliver');
CREATE TRIGGER act AFTER INSERT ON insurer_batch_step REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import apply');
CREATE TRIGGER act AFTER INSERT ON insurer_batch_refusal REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import held');
CREATE TRIGGER act AFTER INSERT ON person_review REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('import review', 'persons');
CREATE TRIGGER act AFTER INSERT ON person REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON person_detail REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON coverage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON burden REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON benefit_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON specific_disease REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON eligibility_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON clinical_fact REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON withheld_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON medical_ticket REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('facts', 'persons');
CREATE TRIGGER act AFTER INSERT ON medical_expense REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_act_of_facts('import expenses', 'persons');
CREATE TRIGGER act AFTER INSERT ON medical_expense_month REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_acts('import expenses');

-- ---------------------------------------------------------------- who looked, by login and address
-- Rows that were there before have neither. No function takes them from its caller.
ALTER TABLE history_access ADD COLUMN asked_as text, ADD COLUMN from_where inet;
ALTER TABLE history_access ALTER COLUMN asked_as SET DEFAULT session_user, ALTER COLUMN from_where SET DEFAULT inet_client_addr();
ALTER TABLE history_access ADD CONSTRAINT history_access_names_its_login CHECK (asked_as IS NOT NULL) NOT VALID;
ALTER TABLE expense_access ADD COLUMN asked_as text, ADD COLUMN from_where inet;
ALTER TABLE expense_access ALTER COLUMN asked_as SET DEFAULT session_user, ALTER COLUMN from_where SET DEFAULT inet_client_addr();
ALTER TABLE expense_access ADD CONSTRAINT expense_access_names_its_login CHECK (asked_as IS NOT NULL) NOT VALID;

-- ---------------------------------------------------------------- looks at the access records
-- Who looked at which access records, and why. recorded_in lets nothing be read in the transaction that has yet to record it.
CREATE TABLE access_look (
    look_id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_by         text        NOT NULL CHECK (length(asked_by) BETWEEN 1 AND 100),
    reason           text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    asked_as         text        NOT NULL DEFAULT session_user,
    from_where       inet                 DEFAULT inet_client_addr(),
    person_id        bigint,
    terminal_id      uuid,
    institution_code text,
    from_day         date        NOT NULL,                         -- in Japan, both inclusive
    until_day        date        NOT NULL,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_in      xid8        NOT NULL DEFAULT pg_current_xact_id(),
    CHECK (num_nonnulls(person_id, terminal_id, institution_code) = 1),
    CHECK (until_day - from_day BETWEEN 0 AND 365)
);

-- The look's number; null where the store knows no such person, terminal or institution, and then nothing is recorded.
CREATE FUNCTION record_access_look(asker text, because text, of_person bigint, of_terminal uuid, of_institution text, first_day date, last_day date) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    INSERT INTO access_look (asked_by, reason, person_id, terminal_id, institution_code, from_day, until_day)
    SELECT asker, because, of_person, of_terminal, of_institution, first_day, last_day
    WHERE (of_person IS NULL OR EXISTS (SELECT FROM person p WHERE p.person_id = of_person))
      AND (of_terminal IS NULL OR EXISTS (SELECT FROM terminal t WHERE t.terminal_id = of_terminal))
      AND (of_institution IS NULL OR EXISTS (SELECT FROM terminal t WHERE t.institution_code = of_institution))
    RETURNING look_id
$$;

-- The records that a look is for, in the order of their events: for ten minutes, to the login that recorded it, and only where the look is
-- recorded for good. Records of a person are found by their index; those of terminals by reading the months of the days asked for.
-- In a list of columns (SELECT access_records_of(…)) they come one by one, and are kept nowhere.
CREATE FUNCTION access_records_of(of_look bigint) RETURNS TABLE (event_time timestamptz, event_id uuid, terminal_id uuid, revision smallint, canonical bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    WITH look AS MATERIALIZED (
        SELECT l.person_id, l.from_day::timestamp AT TIME ZONE 'Asia/Tokyo' AS first, (l.until_day + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' AS beyond,
            ARRAY(SELECT t.terminal_id FROM terminal t WHERE t.terminal_id = l.terminal_id OR t.institution_code = l.institution_code) AS terminals
        FROM access_look l
        WHERE l.look_id = of_look AND l.asked_as = session_user
          AND l.recorded_in IS DISTINCT FROM pg_current_xact_id_if_assigned() AND l.recorded_at > clock_timestamp() - interval '10 minutes'
    )
    SELECT r.event_time, r.event_id, r.terminal_id, r.revision, r.canonical FROM access_record r
    WHERE r.person_id = (SELECT k.person_id FROM look k) AND r.event_time >= (SELECT k.first FROM look k) AND r.event_time < (SELECT k.beyond FROM look k)
    UNION ALL
    SELECT r.event_time, r.event_id, r.terminal_id, r.revision, r.canonical FROM access_record r
    WHERE (SELECT k.terminals <> '{}' FROM look k) AND r.terminal_id = ANY ((SELECT k.terminals FROM look k)::uuid[])
      AND r.event_time >= (SELECT k.first FROM look k) AND r.event_time < (SELECT k.beyond FROM look k)
    ORDER BY 1, 2, 3, 4
$$;

-- ---------------------------------------------------------------- results of appointments
-- Who fetched which rows of a batch's results. It outlives the batch, which is deleted after seven days.
CREATE TABLE appointment_reading (
    reading_id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reception_number bigint      NOT NULL,
    institution_code text        NOT NULL,
    batch_id         uuid        NOT NULL,
    terminal_id      uuid        NOT NULL,
    first_row        int         NOT NULL CHECK (first_row > 0),
    last_row         int         NOT NULL CHECK (last_row >= first_row),
    read_at          timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Puts a page on record before it leaves. False where the batch is not of the terminal's institution, or not there any more.
CREATE FUNCTION record_appointment_reading(of_reception bigint, by_terminal uuid, from_row int, until_row int) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO appointment_reading (reception_number, institution_code, batch_id, terminal_id, first_row, last_row)
    SELECT b.reception_number, b.institution_code, b.batch_id, t.terminal_id, from_row, until_row
    FROM appointment_batch b JOIN terminal t USING (institution_code)
    WHERE b.reception_number = of_reception AND t.terminal_id = by_terminal AND t.revoked_at IS NULL AND until_row <= b.rows;
    RETURN FOUND;
END $$;

-- eg_auditor reads no table: what it may see is what it has put on record before.
REVOKE ALL ON FUNCTION record_acts(), record_card_acts(), record_act_of_facts(), record_act_of_changes(), record_revocation(),
    record_access_look(text, text, bigint, uuid, text, date, date), access_records_of(bigint), record_appointment_reading(bigint, uuid, int, int) FROM PUBLIC;
GRANT USAGE ON SCHEMA eligibility TO eg_auditor;
GRANT EXECUTE ON FUNCTION record_access_look(text, text, bigint, uuid, text, date, date), access_records_of(bigint) TO eg_auditor;
GRANT EXECUTE ON FUNCTION record_appointment_reading(bigint, uuid, int, int) TO eg_gateway;
