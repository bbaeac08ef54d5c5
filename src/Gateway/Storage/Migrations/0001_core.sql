-- The one truth. Facts are append-only: a change is a new revision; valid time is in the fact's own dates, system time in
-- recorded_at. Each person, card, document key and terminal has a version, which every transaction that changes anything an answer
-- depends on raises (triggers see to it, so that no writer can forget). Versions are locked in ascending key order.
-- Runs as eg_owner, with search_path = eligibility.

-- ---------------------------------------------------------------- persons
CREATE TABLE person (
    person_id bigint PRIMARY KEY,
    version   bigint NOT NULL DEFAULT 1
);

CREATE TABLE person_detail (
    person_id   bigint      NOT NULL REFERENCES person,
    revision    int         NOT NULL CHECK (revision >= 0),
    valid_from  date        NOT NULL,                         -- names, sex and addresses change on a date; old ones stay answerable
    name        text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    name_kana   text        NOT NULL DEFAULT '',
    other_name  text        NOT NULL DEFAULT '',
    sex         smallint    NOT NULL CHECK (sex BETWEEN 1 AND 3),
    birth_date  date        NOT NULL,
    address     text        NOT NULL DEFAULT '',
    post_code   text        NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (person_id, revision)
);

-- ---------------------------------------------------------------- insurers and coverage
CREATE TABLE insurer (
    insurer_number text PRIMARY KEY CHECK (insurer_number ~ '^([0-9]{6}|[0-9]{8})$'),
    name           text NOT NULL
);

-- Who matches a document's numbers: the version of that set. No row means version 0.
CREATE TABLE document_key (
    document_key uuid PRIMARY KEY,
    version      bigint NOT NULL
);

-- The same value as DocumentNumbers.LookUpKey. The cast takes the text's bytes as they are stored, in UTF-8; convert_to would do the
-- same, but as it is not immutable it keeps the function from being inlined, and a bulk load of coverages takes half as long again.
CREATE FUNCTION document_key_of(insurer_number text, symbol text, number text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN encode(substring(sha256(replace(insurer_number || U&'\001F' || symbol || U&'\001F' || number, '\', '\\')::bytea) FROM 1 FOR 16), 'hex')::uuid;

CREATE TABLE coverage (
    coverage_id    bigint      NOT NULL,
    revision       int         NOT NULL CHECK (revision >= 0),
    person_id      bigint      NOT NULL REFERENCES person,
    insurer_number text        NOT NULL REFERENCES insurer,
    classification char(2)     NOT NULL DEFAULT '01' CHECK (classification IN ('01','02','03','04','05','06','07','A1')),
    symbol         text        NOT NULL DEFAULT '' CHECK (length(symbol) <= 20),
    number         text        NOT NULL CHECK (length(number) BETWEEN 1 AND 20),
    branch         char(2)              CHECK (branch ~ '^[0-9]{2}$'),
    relation       smallint    NOT NULL CHECK (relation IN (1, 2)),
    insured_name   text        NOT NULL DEFAULT '',
    acquired_on    date        NOT NULL,
    lost_on        date                 CHECK (lost_on >= acquired_on),   -- exclusive
    loss_reason    smallint             CHECK (loss_reason IN (1, 2, 3, 99)),
    document_key   uuid        NOT NULL GENERATED ALWAYS AS (document_key_of(insurer_number, symbol, number)) STORED,
    withdrawn      boolean     NOT NULL DEFAULT false,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (coverage_id, revision)
);
CREATE INDEX coverage_person ON coverage (person_id);
CREATE INDEX coverage_document_key ON coverage (document_key);

-- Burden ratio where the insurer decides it: elderly recipients (70-74) and late elderly (75+).
CREATE TABLE burden (
    burden_id   bigint      NOT NULL,
    revision    int         NOT NULL CHECK (revision >= 0),
    person_id   bigint      NOT NULL REFERENCES person,
    coverage_id bigint      NOT NULL,
    percent     smallint    NOT NULL CHECK (percent IN (10, 20, 30)),
    issued_on   date        NOT NULL,
    valid_from  date        NOT NULL,
    valid_until date                 CHECK (valid_until >= valid_from),   -- inclusive
    withdrawn   boolean     NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (burden_id, revision)
);
CREATE INDEX burden_person ON burden (person_id);

-- Limit class (適用区分).
CREATE TABLE benefit_limit (
    limit_id          bigint      NOT NULL,
    revision          int         NOT NULL CHECK (revision >= 0),
    person_id         bigint      NOT NULL REFERENCES person,
    coverage_id       bigint      NOT NULL,
    certificate_class char(2)     NOT NULL CHECK (certificate_class IN ('01','02','03')),
    limit_class       char(3)     NOT NULL CHECK (limit_class ~ '^(A0[1-6]|B0[1-9]|B10)$'),
    issued_on         date        NOT NULL,
    valid_from        date        NOT NULL,
    valid_until       date                 CHECK (valid_until >= valid_from),   -- inclusive
    long_term_on      date,
    withdrawn         boolean     NOT NULL DEFAULT false,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (limit_id, revision)
);
CREATE INDEX benefit_limit_person ON benefit_limit (person_id);

-- Specific long-term diseases (特定疾病療養受療証).
CREATE TABLE specific_disease (
    disease_id        bigint      NOT NULL,
    revision          int         NOT NULL CHECK (revision >= 0),
    person_id         bigint      NOT NULL REFERENCES person,
    coverage_id       bigint      NOT NULL,
    category          smallint    NOT NULL CHECK (category IN (1, 2, 3)),
    monthly_limit_yen int         NOT NULL CHECK (monthly_limit_yen IN (5000, 10000, 20000)),
    issued_on         date        NOT NULL,
    valid_from        date        NOT NULL,
    valid_until       date                 CHECK (valid_until >= valid_from),   -- inclusive
    withdrawn         boolean     NOT NULL DEFAULT false,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (disease_id, revision)
);
CREATE INDEX specific_disease_person ON specific_disease (person_id);

-- Eligibility certificates (資格確認書), issued on one coverage.
CREATE TABLE eligibility_certificate (
    certificate_id bigint      NOT NULL,
    revision       int         NOT NULL CHECK (revision >= 0),
    person_id      bigint      NOT NULL REFERENCES person,
    coverage_id    bigint      NOT NULL,
    issued_on      date        NOT NULL,
    valid_until    date        NOT NULL CHECK (valid_until >= issued_on),   -- inclusive, at most five years
    withdrawn      boolean     NOT NULL DEFAULT false,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (certificate_id, revision),
    CHECK (valid_until <= issued_on + interval '5 years')
);
CREATE INDEX eligibility_certificate_person ON eligibility_certificate (person_id);

-- What the emergency summary is made of. kind: 1 visit, 2 e-prescription dispensed, 3 medicine from claims, 4 operation,
-- 5 treatment, 6 dialysis, 7 health check.
CREATE TABLE clinical_fact (
    fact_id     bigint      NOT NULL,
    revision    int         NOT NULL CHECK (revision >= 0),
    person_id   bigint      NOT NULL REFERENCES person,
    kind        smallint    NOT NULL CHECK (kind BETWEEN 1 AND 7),
    happened_on date        NOT NULL,
    what        text        NOT NULL DEFAULT '',
    institution text        NOT NULL DEFAULT '',
    withdrawn   boolean     NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (fact_id, revision)
);
CREATE INDEX clinical_fact_person ON clinical_fact (person_id);

-- ---------------------------------------------------------------- cards
-- card_key is the first 16 bytes of the SHA-256 of the user-authentication certificate. The binding to a person is made by the
-- card office's feed alone and never changes.
CREATE TABLE card (
    card_key  uuid PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person,
    version   bigint NOT NULL DEFAULT 1
);
CREATE INDEX card_person ON card (person_id);

-- What the certificate says, verified in full when it was bound, so that a tap need neither parse it nor build a chain.
CREATE TABLE card_certificate (
    card_key    uuid        PRIMARY KEY REFERENCES card,
    fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
    serial      bytea       NOT NULL CHECK (length(serial) BETWEEN 1 AND 20),
    anchor      bytea       NOT NULL CHECK (length(anchor) = 32),          -- SHA-256 of the trust anchor's certificate
    modulus     bytea       NOT NULL CHECK (length(modulus) = 256),
    exponent    int         NOT NULL,
    not_before  timestamptz NOT NULL,
    not_after   timestamptz NOT NULL,
    carrier     smallint    NOT NULL DEFAULT 1 CHECK (carrier IN (1, 2)),  -- 1 plastic, 2 phone
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- status: 1 in use, 2 lost, 3 revoked, 4 replaced. registered: for use as insurance card (利用登録); channel: 1 reader, 2 portal,
-- 3 ATM, 4 carried over from the card it replaces.
CREATE TABLE card_state (
    card_key    uuid        NOT NULL REFERENCES card,
    revision    int         NOT NULL CHECK (revision >= 0),
    status      smallint    NOT NULL CHECK (status BETWEEN 1 AND 4),
    since       timestamptz NOT NULL,
    registered  boolean     NOT NULL,
    channel     smallint             CHECK (channel BETWEEN 1 AND 4),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (card_key, revision)
);

-- ---------------------------------------------------------------- terminals
-- terminal_id is the first 16 bytes of the SHA-256 of the client certificate.
CREATE TABLE terminal (
    terminal_id      uuid        PRIMARY KEY,
    institution_code text        NOT NULL,
    role             smallint    NOT NULL CHECK (role BETWEEN 1 AND 7),
    name             text        NOT NULL,
    revoked_at       timestamptz,
    version          bigint      NOT NULL DEFAULT 1
);

-- ---------------------------------------------------------------- versions are raised by triggers
CREATE FUNCTION raise_person_versions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM 1 FROM person WHERE person_id IN (SELECT n.person_id FROM new_rows n) ORDER BY person_id FOR NO KEY UPDATE;
    UPDATE person SET version = version + 1 WHERE person_id IN (SELECT n.person_id FROM new_rows n);
    RETURN NULL;
END $$;

CREATE FUNCTION raise_card_versions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM 1 FROM card WHERE card_key IN (SELECT n.card_key FROM new_rows n) ORDER BY card_key FOR NO KEY UPDATE;
    UPDATE card SET version = version + 1 WHERE card_key IN (SELECT n.card_key FROM new_rows n);
    RETURN NULL;
END $$;

-- A coverage that changes its numbers leaves one set of matches and joins another: both are raised.
CREATE FUNCTION raise_document_keys_of_coverages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO document_key AS k (document_key, version)
    SELECT DISTINCT c.document_key, 1 FROM coverage c WHERE c.coverage_id IN (SELECT n.coverage_id FROM new_rows n)
    ORDER BY 1
    ON CONFLICT (document_key) DO UPDATE SET version = k.version + 1;
    RETURN NULL;
END $$;

-- A corrected birth date changes who matches.
CREATE FUNCTION raise_document_keys_of_persons() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO document_key AS k (document_key, version)
    SELECT DISTINCT c.document_key, 1 FROM coverage c WHERE c.person_id IN (SELECT n.person_id FROM new_rows n)
    ORDER BY 1
    ON CONFLICT (document_key) DO UPDATE SET version = k.version + 1;
    RETURN NULL;
END $$;

-- A fact stays with its person, so that raising the version of the latest revision's person is enough. One that was stated of the
-- wrong person is withdrawn there and stated anew of the right one.
CREATE FUNCTION refuse_change_of_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    changed boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM new_rows n JOIN %1$I f ON f.%2$I = n.%2$I WHERE n.revision > 0 AND f.person_id <> n.person_id)',
        TG_TABLE_NAME, TG_ARGV[0]) INTO changed;
    IF changed THEN
        RAISE EXCEPTION 'a fact stays with its person: withdraw it and state a new one' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

-- Triggers fire in the order of their names. The person's row is locked first: whoever corrects a birth date then sees each coverage
-- that is committed, and whoever adds a coverage meanwhile waits, so that neither misses the other's document key.
CREATE TRIGGER fact_1_person AFTER INSERT ON coverage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('coverage_id');
CREATE TRIGGER fact_1_person AFTER INSERT ON burden REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('burden_id');
CREATE TRIGGER fact_1_person AFTER INSERT ON benefit_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('limit_id');
CREATE TRIGGER fact_1_person AFTER INSERT ON specific_disease REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('disease_id');
CREATE TRIGGER fact_1_person AFTER INSERT ON eligibility_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('certificate_id');
CREATE TRIGGER fact_1_person AFTER INSERT ON clinical_fact REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('fact_id');
CREATE TRIGGER version_1_person AFTER INSERT ON person_detail REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON coverage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON burden REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON benefit_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON specific_disease REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON eligibility_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_1_person AFTER INSERT ON clinical_fact REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();
CREATE TRIGGER version_2_document_key AFTER INSERT ON coverage REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_document_keys_of_coverages();
CREATE TRIGGER version_2_document_key AFTER INSERT ON person_detail REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_document_keys_of_persons();
CREATE TRIGGER version_1_card AFTER INSERT ON card_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_card_versions();
CREATE TRIGGER version_1_card AFTER INSERT ON card_state REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_card_versions();

-- ---------------------------------------------------------------- access records (P1, P4)
-- The time in a UUID version 7, to the millisecond. (Exact until the year 2255, as long as a double holds microseconds.)
CREATE FUNCTION event_time(event_id uuid) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_timestamp((('x0000' || substr(event_id::text, 1, 8) || substr(event_id::text, 10, 4))::bit(64)::bigint) / 1000.0);

-- One row per answered look-up. revision 0 is the first; where a group was journalled and committed late with another outcome, a
-- later revision tells what was answered. canonical is the record in its versioned byte form, salt its 16 random bytes.
CREATE TABLE access_record (
    event_id     uuid        NOT NULL,
    terminal_id  uuid        NOT NULL,
    revision     smallint    NOT NULL DEFAULT 0,
    event_time   timestamptz NOT NULL CHECK (event_time = event_time(event_id)),
    person_id    bigint,
    validity     smallint    NOT NULL,
    reason       smallint    NOT NULL,
    request_hash bytea       NOT NULL CHECK (length(request_hash) = 32),
    canonical    bytea       NOT NULL,
    salt         bytea       NOT NULL CHECK (length(salt) = 16),
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (event_id, terminal_id, revision, event_time)
) PARTITION BY RANGE (event_time);
CREATE INDEX access_record_person ON access_record (person_id, event_time) WHERE person_id IS NOT NULL;
CREATE TABLE access_record_default PARTITION OF access_record DEFAULT;

-- What the log will be built from: rows are taken out in the transaction that makes a leaf of them.
CREATE TABLE access_queue (
    event_id    uuid     NOT NULL,
    terminal_id uuid     NOT NULL,
    revision    smallint NOT NULL
);

-- The answer's bytes, encrypted, for the resend window.
CREATE TABLE event_answer (
    event_id    uuid        NOT NULL,
    terminal_id uuid        NOT NULL,
    revision    smallint    NOT NULL DEFAULT 0,
    event_time  timestamptz NOT NULL,
    answer      bytea       NOT NULL,
    PRIMARY KEY (event_id, terminal_id, revision, event_time)
) PARTITION BY RANGE (event_time);
CREATE TABLE event_answer_default PARTITION OF event_answer DEFAULT;

-- Makes a partition, if it is not there. Rows of its time that came while it was missing are in the default partition and move: a
-- partition can't be made over them. Only the default partition is locked, so the other partitions take rows meanwhile.
CREATE FUNCTION ensure_partition(parent text, part text, first timestamptz, beyond timestamptz) RETURNS void
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF to_regclass(format('eligibility.%I', part)) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE event_time >= $1 AND event_time < $2 RETURNING *) INSERT INTO %I SELECT * FROM moved',
        parent || '_default', part) USING first, beyond;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, first, beyond);
END $$;

-- Makes this and the next month's partition of access_record, and the next hours' of event_answer; drops what the resend window
-- no longer needs. The gateway calls it at its start and every ten minutes with its own time. It never waits long for a lock, since
-- records would queue up behind it: the partitions are made ahead of time, and the next call tries again.
CREATE FUNCTION ensure_access_partitions(gateway_time timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp SET timezone = 'UTC' SET lock_timeout = '100ms' AS $$
DECLARE
    first timestamptz;
    part  text;
BEGIN
    -- Another gateway is at it.
    IF NOT pg_try_advisory_xact_lock(hashtext('ensure_access_partitions')) THEN RETURN; END IF;
    FOR n IN 0..1 LOOP
        first := date_trunc('month', gateway_time) + n * interval '1 month';
        PERFORM ensure_partition('access_record', 'access_record_' || to_char(first, 'YYYYMM'), first, first + interval '1 month');
    END LOOP;
    FOR n IN -1..2 LOOP
        first := date_trunc('hour', gateway_time) + n * interval '1 hour';
        PERFORM ensure_partition('event_answer', 'event_answer_' || to_char(first, 'YYYYMMDDHH24'), first, first + interval '1 hour');
    END LOOP;
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'eligibility.event_answer'::regclass AND c.relname ~ '^event_answer_[0-9]{10}$'
          AND to_timestamp(substr(c.relname, 14), 'YYYYMMDDHH24') < date_trunc('hour', gateway_time) - interval '1 hour'
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE %I', part);
        EXCEPTION WHEN lock_not_available THEN
            -- Somebody reads it, a backup perhaps.
            CONTINUE;
        END;
    END LOOP;
    DELETE FROM event_answer_default WHERE event_time < gateway_time - interval '2 hours';
END $$;

-- ---------------------------------------------------------------- what others may change
-- A feed that writes in several statements locks its persons (its cards) once, ascending, before it reads their latest revisions: so
-- two feeds never wait for each other crosswise, and no revision is taken twice. Roles that may not UPDATE can't lock rows themselves.
CREATE FUNCTION lock_persons(locked_persons bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM 1 FROM person WHERE person_id = ANY (locked_persons) ORDER BY person_id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION lock_cards(locked_cards uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM 1 FROM card WHERE card_key = ANY (locked_cards) ORDER BY card_key FOR NO KEY UPDATE;
END $$;

-- Registers a card for use as insurance card at the reader. True where the flag was set now. Called in the statement that records
-- the look-up, so that there is no change without its record.
CREATE FUNCTION register_card(registered_card uuid, registered_at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    latest card_state;
BEGIN
    PERFORM 1 FROM card WHERE card_key = registered_card FOR NO KEY UPDATE;
    SELECT * INTO latest FROM card_state WHERE card_key = registered_card ORDER BY revision DESC LIMIT 1;
    IF latest IS NULL OR latest.status <> 1 OR latest.registered THEN RETURN false; END IF;
    INSERT INTO card_state (card_key, revision, status, since, registered, channel)
    VALUES (registered_card, latest.revision + 1, 1, registered_at, true, 1);
    RETURN true;
END $$;

-- Lets a terminal in. Registering a revoked one again does not let it back in.
CREATE FUNCTION register_terminal(new_id uuid, new_institution text, new_role smallint, new_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    INSERT INTO terminal (terminal_id, institution_code, role, name) VALUES (new_id, new_institution, new_role, new_name)
    ON CONFLICT (terminal_id) DO NOTHING
$$;

-- Shuts a terminal out for good; gateways hear of it at once.
CREATE FUNCTION revoke_terminal(old_id uuid, at_time timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    UPDATE terminal SET revoked_at = at_time, version = version + 1 WHERE terminal_id = old_id AND revoked_at IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM pg_notify('terminal_revoked', old_id::text);
    RETURN true;
END $$;

-- ---------------------------------------------------------------- who may do what
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA eligibility FROM PUBLIC;
GRANT USAGE ON SCHEMA eligibility TO eg_gateway, eg_insurer_feed, eg_card_office, eg_operator;
GRANT EXECUTE ON FUNCTION document_key_of(text, text, text), event_time(uuid) TO eg_gateway, eg_insurer_feed, eg_card_office, eg_operator;

GRANT SELECT ON person, person_detail, insurer, document_key, coverage, burden, benefit_limit, specific_disease, eligibility_certificate,
    clinical_fact, card, card_certificate, card_state, terminal TO eg_gateway;
GRANT SELECT, INSERT ON access_record, event_answer TO eg_gateway;
GRANT INSERT ON access_queue TO eg_gateway;
GRANT EXECUTE ON FUNCTION ensure_access_partitions(timestamptz), register_card(uuid, timestamptz) TO eg_gateway;

GRANT SELECT, INSERT ON person, person_detail, insurer, coverage, burden, benefit_limit, specific_disease, eligibility_certificate, clinical_fact TO eg_insurer_feed;
GRANT EXECUTE ON FUNCTION lock_persons(bigint[]) TO eg_insurer_feed;
GRANT SELECT, INSERT ON card, card_certificate, card_state TO eg_card_office;
GRANT EXECUTE ON FUNCTION lock_cards(uuid[]) TO eg_card_office;
GRANT SELECT ON person TO eg_card_office;
GRANT SELECT ON terminal TO eg_operator;
GRANT EXECUTE ON FUNCTION register_terminal(uuid, text, smallint, text), revoke_terminal(uuid, timestamptz) TO eg_operator;
