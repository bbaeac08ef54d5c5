-- What an insurer says of a person is its own statement: who the person is in another insurer's coverage stays as that one says it. And
-- where another birth date or sex is said than an insurer says whose coverage is in force, that statement is held until an operator has decided.
-- Runs as eg_owner, with search_path = eligibility.

-- Gives an insurer that has said nothing of a person it insures what the others say now, as its own and older than anything it may say
-- later: so that none of them changes an answer about its coverage from here on.
CREATE FUNCTION take_over_statements(of_persons bigint[], by_insurers text[]) RETURNS void
    LANGUAGE sql SET search_path = eligibility, pg_temp AS $$
    INSERT INTO person_detail (person_id, revision, insurer_number, valid_from, name, name_kana, other_name, sex, birth_date, address, post_code, other_name_kana, sex_on_document)
    SELECT n.person_id, d.newest + row_number() OVER (PARTITION BY n.person_id ORDER BY n.insurer_number), n.insurer_number, '0001-01-01',
        d.name, d.name_kana, d.other_name, d.sex, d.birth_date, d.address, d.post_code, d.other_name_kana, d.sex_on_document
    FROM (SELECT DISTINCT a.person_id, a.insurer_number FROM unnest(of_persons, by_insurers) AS a (person_id, insurer_number)) n
    CROSS JOIN LATERAL (
        SELECT o.*, max(o.revision) OVER () AS newest FROM person_detail o WHERE o.person_id = n.person_id
        ORDER BY o.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date DESC, CASE WHEN o.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date THEN o.valid_from END DESC,
            o.valid_from, o.revision DESC LIMIT 1) d
    WHERE NOT EXISTS (SELECT FROM person_detail o WHERE o.person_id = n.person_id AND (o.insurer_number IS NULL OR o.insurer_number = n.insurer_number))
$$;

DO $$
DECLARE
    persons bigint[];
    insurers text[];
BEGIN
    SELECT array_agg(c.person_id), array_agg(c.insurer_number) INTO persons, insurers
    FROM (SELECT DISTINCT person_id, insurer_number FROM coverage) c
    WHERE NOT EXISTS (SELECT FROM person_detail o WHERE o.person_id = c.person_id AND (o.insurer_number IS NULL OR o.insurer_number = c.insurer_number));
    PERFORM take_over_statements(persons, insurers);
END $$;

-- Statements that are held, as they came. A row stays; what was decided stands in person_review_decision.
CREATE TABLE person_review (
    review_id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id        bigint      NOT NULL,
    line            int         NOT NULL,
    against         text        NOT NULL,                     -- the insurer whose coverage is in force and who says otherwise
    sequence        bigint      NOT NULL,
    person_id       bigint      NOT NULL REFERENCES person,
    insurer_number  text        NOT NULL,
    valid_from      date        NOT NULL,
    name            text        NOT NULL,
    name_kana       text        NOT NULL,
    other_name      text        NOT NULL,
    sex             smallint    NOT NULL,
    birth_date      date        NOT NULL,
    address         text        NOT NULL,
    post_code       text        NOT NULL,
    other_name_kana text        NOT NULL,
    sex_on_document smallint,
    held_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX person_review_person ON person_review (person_id);

CREATE TABLE person_review_decision (
    review_id  bigint      PRIMARY KEY REFERENCES person_review,
    accepted   boolean     NOT NULL,
    because    text        NOT NULL CHECK (length(because) BETWEEN 1 AND 200),
    decided_by text        NOT NULL DEFAULT session_user,
    from_where inet        DEFAULT inet_client_addr(),
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Those that nobody has decided yet. No names: birth date and sex are what is to be decided.
CREATE FUNCTION open_person_reviews() RETURNS TABLE (review_id bigint, held_at timestamptz, batch_id bigint, line int, person_id bigint,
        insurer_number text, birth_date date, sex smallint, against text, their_birth_date date, their_sex smallint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT r.review_id, r.held_at, r.batch_id, r.line, r.person_id, r.insurer_number, r.birth_date, r.sex, r.against, s.birth_date, s.sex
    FROM person_review r
    CROSS JOIN LATERAL (
        SELECT d.birth_date, d.sex FROM person_detail d WHERE d.person_id = r.person_id
        ORDER BY (d.insurer_number IS NULL OR d.insurer_number = r.against) DESC, d.revision DESC LIMIT 1) s
    WHERE NOT EXISTS (SELECT FROM person_review_decision o WHERE o.review_id = r.review_id)
    ORDER BY r.review_id
$$;

-- 'done', or why not: 'unknown', 'decided', or 'overtaken' where the insurer has said something newer of the same day that is in force.
CREATE FUNCTION decide_person_review(of_review bigint, is_accepted boolean, why text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    held person_review;
BEGIN
    SELECT * INTO held FROM person_review r WHERE r.review_id = of_review FOR UPDATE;
    IF NOT FOUND THEN RETURN 'unknown'; END IF;
    IF EXISTS (SELECT FROM person_review_decision d WHERE d.review_id = of_review) THEN RETURN 'decided'; END IF;
    IF is_accepted THEN
        PERFORM lock_persons(ARRAY[held.person_id]);
        IF EXISTS (SELECT FROM person_detail d WHERE d.person_id = held.person_id AND d.insurer_number = held.insurer_number
                AND d.valid_from = held.valid_from AND d.sequence > held.sequence) THEN RETURN 'overtaken'; END IF;
        INSERT INTO person_detail (person_id, revision, sequence, insurer_number, valid_from, name, name_kana, other_name, sex, birth_date, address, post_code, other_name_kana, sex_on_document)
        SELECT held.person_id, coalesce(max(d.revision), -1) + 1, held.sequence, held.insurer_number, held.valid_from, held.name, held.name_kana, held.other_name, held.sex,
            held.birth_date, held.address, held.post_code, held.other_name_kana, held.sex_on_document
        FROM person_detail d WHERE d.person_id = held.person_id;
    END IF;
    INSERT INTO person_review_decision (review_id, accepted, because) VALUES (of_review, is_accepted, why);
    RETURN 'done';
END $$;

CREATE OR REPLACE FUNCTION expense_persons(of_access bigint) RETURNS TABLE (person_id bigint, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT p.id, d.name
    FROM expense_access_open(of_access) a CROSS JOIN unnest(a.persons) p (id)
    -- As the insurer says who insures the person now, or did last.
    LEFT JOIN LATERAL (
        SELECT c.insurer_number FROM coverages_known_of(ARRAY[p.id]) c WHERE c.acquired_on <= (now() AT TIME ZONE 'Asia/Tokyo')::date
        ORDER BY c.acquired_on DESC, c.coverage_id DESC LIMIT 1) i ON true
    CROSS JOIN LATERAL (
        SELECT n.name FROM person_detail n WHERE n.person_id = p.id
        ORDER BY (n.insurer_number IS NULL OR n.insurer_number = i.insurer_number) DESC NULLS LAST,
            n.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date DESC, CASE WHEN n.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date THEN n.valid_from END DESC,
            n.valid_from, n.revision DESC
        LIMIT 1) d
$$;

-- As before, and each statement with whose it is.
CREATE OR REPLACE FUNCTION facts_known_then(of_access bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT jsonb_build_object(
        'PersonId', a.person_id,
        'Version', 0,
        'Details', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom", f.revision), '[]') FROM (
            SELECT d.revision, d.valid_from AS "ValidFrom", d.name AS "Name", d.name_kana AS "NameKana", d.other_name AS "OtherName", d.sex AS "Sex", d.birth_date AS "BirthDate",
                d.address AS "Address", d.post_code AS "PostCode", d.other_name_kana AS "OtherNameKana", d.sex_on_document AS "SexOnDocument", d.insurer_number AS "Insurer"
            FROM person_detail d WHERE d.person_id = a.person_id AND d.recorded_at <= a.known_at) f),
        'Coverages', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."AcquiredOn", f."CoverageId") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (c.coverage_id) c.coverage_id AS "CoverageId", c.insurer_number AS "InsurerNumber", i.name AS "InsurerName", c.classification AS "Classification",
                c.symbol AS "Symbol", c.number AS "Number", c.branch AS "Branch", c.relation AS "Relation", c.acquired_on AS "AcquiredOn", c.lost_on AS "LostOn",
                c.insured_name AS "InsuredName", c.loss_reason AS "LossReason", c.withdrawn
            FROM coverage c JOIN insurer i USING (insurer_number) WHERE c.person_id = a.person_id AND c.recorded_at <= a.known_at ORDER BY c.coverage_id, c.revision DESC) f),
        'Burdens', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (burden_id) coverage_id AS "CoverageId", percent AS "Percent", valid_from AS "ValidFrom", valid_until AS "ValidUntil", issued_on AS "IssuedOn", withdrawn
            FROM burden b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY burden_id, revision DESC) f),
        'Limits', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (limit_id) coverage_id AS "CoverageId", certificate_class AS "CertificateClass", limit_class AS "LimitClass", valid_from AS "ValidFrom",
                valid_until AS "ValidUntil", long_term_on AS "LongTermOn", issued_on AS "IssuedOn", withdrawn
            FROM benefit_limit b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY limit_id, revision DESC) f),
        'SpecificDiseases', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (disease_id) coverage_id AS "CoverageId", category AS "Category", monthly_limit_yen AS "MonthlyLimitYen", valid_from AS "ValidFrom",
                valid_until AS "ValidUntil", issued_on AS "IssuedOn", withdrawn
            FROM specific_disease b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY disease_id, revision DESC) f),
        'EligibilityCertificates', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."IssuedOn") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (certificate_id) coverage_id AS "CoverageId", issued_on AS "IssuedOn", valid_until AS "ValidUntil", withdrawn
            FROM eligibility_certificate b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY certificate_id, revision DESC) f),
        'Charges', '[]'::jsonb,
        'WithheldLimits', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom") FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (withheld_id) coverage_id AS "CoverageId", valid_from AS "ValidFrom", valid_until AS "ValidUntil", withdrawn
            FROM withheld_limit b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY withheld_id, revision DESC) f),
        -- Without its details: no rule asks for them, and they name injuries.
        'MedicalTickets', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom", f.ticket_id) FILTER (WHERE NOT f.withdrawn), '[]') FROM (
            SELECT DISTINCT ON (ticket_id) ticket_id, coverage_id AS "CoverageId", valid_from AS "ValidFrom", valid_until AS "ValidUntil", treatment_month AS "TreatmentMonth",
                institution_code AS "Institution", prescriber_code AS "Prescriber", self_pay_yen AS "SelfPayYen", '{}'::jsonb AS "Details", withdrawn
            FROM medical_ticket b WHERE b.person_id = a.person_id AND b.recorded_at <= a.known_at ORDER BY ticket_id, revision DESC) f))
    FROM history_access a
    WHERE a.access_id = of_access AND a.recorded_in IS DISTINCT FROM pg_current_xact_id_if_assigned() AND a.recorded_at > clock_timestamp() - interval '10 minutes'
$$;

REVOKE ALL ON FUNCTION take_over_statements(bigint[], text[]), open_person_reviews(), decide_person_review(bigint, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_over_statements(bigint[], text[]) TO eg_insurer_feed;
GRANT EXECUTE ON FUNCTION open_person_reviews(), decide_person_review(bigint, boolean, text) TO eg_operator;
GRANT SELECT, INSERT ON person_review TO eg_insurer_feed;
