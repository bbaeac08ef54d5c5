-- What was known of a person at an earlier moment (the facts' recorded_at), for who must show why it was decided so. Each look is an
-- access to a person's data like any other, and on record before anything is read.
-- Runs as eg_owner, with search_path = eligibility. The role eg_history is made by Bootstrap.sql, which is run again before this.

-- Who looked, at whom, as known when, and why. recorded_in lets nothing be read in the transaction that has yet to record it.
CREATE TABLE history_access (
    access_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_by    text        NOT NULL CHECK (length(asked_by) BETWEEN 1 AND 100),
    reason      text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    person_id   bigint      NOT NULL,
    of_day      date        NOT NULL,
    known_at    timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_in xid8        NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX history_access_person ON history_access (person_id);

-- The access's number; null where nobody of that number is known, and then nothing is recorded.
CREATE FUNCTION record_history_access(asker text, because text, of_person bigint, on_day date, known_by timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    INSERT INTO history_access (asked_by, reason, person_id, of_day, known_at)
    SELECT asker, because, p.person_id, on_day, known_by FROM person p WHERE p.person_id = of_person
    RETURNING access_id
$$;

-- The person's facts as they were known: of each fact the latest revision that was recorded by then, but for those withdrawn by then.
-- For ten minutes, and only where the access is recorded for good. The names are those of PersonSnapshot.
CREATE FUNCTION facts_known_then(of_access bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT jsonb_build_object(
        'PersonId', a.person_id,
        'Version', 0,
        'Details', (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f."ValidFrom", f.revision), '[]') FROM (
            SELECT d.revision, d.valid_from AS "ValidFrom", d.name AS "Name", d.name_kana AS "NameKana", d.other_name AS "OtherName", d.sex AS "Sex", d.birth_date AS "BirthDate",
                d.address AS "Address", d.post_code AS "PostCode", d.other_name_kana AS "OtherNameKana", d.sex_on_document AS "SexOnDocument"
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

-- eg_history reads no table: what it may see is what it has put on record before.
REVOKE ALL ON FUNCTION record_history_access(text, text, bigint, date, timestamptz), facts_known_then(bigint) FROM PUBLIC;
GRANT USAGE ON SCHEMA eligibility TO eg_history;
GRANT EXECUTE ON FUNCTION record_history_access(text, text, bigint, date, timestamptz), facts_known_then(bigint) TO eg_history;
