-- What halves a month's limits at two insurers and can be seen in no other date: as an insurer states it of a coverage. household_continues:
-- the household moved here within the prefecture on that day and goes on (national health insurance). insured_turned_75: on that day the
-- insured person turned 75, by which this dependant lost one cover and got another.
-- Runs as eg_owner, with search_path = eligibility.
-- No row has either yet: nothing is to be read through for the rule.
ALTER TABLE coverage
    ADD COLUMN household_continues date,
    ADD COLUMN insured_turned_75   date,
    ADD CONSTRAINT coverage_changes_on_its_days CHECK (household_continues >= acquired_on AND insured_turned_75 >= acquired_on) NOT VALID;
ALTER TABLE insurer_batch_change
    ADD COLUMN household_continues date,
    ADD COLUMN insured_turned_75   date;

-- As before, and with both.
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
                c.insured_name AS "InsuredName", c.loss_reason AS "LossReason", c.household_continues AS "HouseholdContinuesOn", c.insured_turned_75 AS "InsuredTurned75On", c.withdrawn
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
