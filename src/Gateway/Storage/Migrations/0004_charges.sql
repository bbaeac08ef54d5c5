-- What sites collected, as they report it themselves (docs/decisions/012-charges.md). Append-only: a charge has at most one row for each
-- stage, and the highest stage holds, whatever order the rows came in. Nobody but these two functions writes here.
-- Runs as eg_owner, with search_path = eligibility.

-- stage: 1 held, 2 collected, 3 taken back. One that is taken back before it was reported names nobody.
CREATE TABLE charge (
    institution_code    text        NOT NULL,
    charge_id           uuid        NOT NULL,
    stage               smallint    NOT NULL CHECK (stage BETWEEN 1 AND 3),
    terminal_id         uuid        NOT NULL,
    person_id           bigint               REFERENCES person,
    service_date        date,
    is_inpatient        boolean     NOT NULL DEFAULT false,
    is_specific_disease boolean     NOT NULL DEFAULT false,
    prescriber          text,
    total_cost_yen      int         NOT NULL DEFAULT 0 CHECK (total_cost_yen >= 0),
    charged_yen         int         NOT NULL DEFAULT 0 CHECK (charged_yen BETWEEN 0 AND total_cost_yen),
    counts_until        date,                                                     -- inclusive
    kept_until          date        NOT NULL,                                     -- then it is forgotten: it says where somebody was treated
    reported_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (institution_code, charge_id, stage),
    CHECK (stage = 3 OR (person_id IS NOT NULL AND service_date IS NOT NULL AND counts_until IS NOT NULL))
);
CREATE INDEX charge_person ON charge (person_id, counts_until);
CREATE INDEX charge_kept ON charge (kept_until);
CREATE TRIGGER version_1_person AFTER INSERT ON charge REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();

-- What holds of a charge.
CREATE FUNCTION charge_that_holds(of_institution text, of_charge uuid, OUT stage smallint, OUT counts_until date)
    LANGUAGE sql STABLE SET search_path = eligibility, pg_temp AS $$
    SELECT c.stage, CASE WHEN c.stage < 3 THEN c.counts_until END FROM charge c
    WHERE c.institution_code = of_institution AND c.charge_id = of_charge ORDER BY c.stage DESC LIMIT 1
$$;

-- The terminal's institution; null where it was revoked. Reports of one charge go one after the other from here on: each sees what those
-- before it committed, so that a report and its taking back can't pass each other unseen.
CREATE FUNCTION begin_charge(by_terminal uuid, of_charge uuid) RETURNS text
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp AS $$
DECLARE
    institution text;
BEGIN
    SELECT t.institution_code INTO institution FROM terminal t WHERE t.terminal_id = by_terminal AND t.revoked_at IS NULL;
    IF institution IS NOT NULL THEN PERFORM pg_advisory_xact_lock(hashtextextended(institution || of_charge::text, 0)); END IF;
    RETURN institution;
END $$;

-- outcome: 1 it holds, or its successor does; 2 reported before with other content; 3 the institution made no such look-up, or it found
-- nobody or was refused; 4 the terminal was revoked.
CREATE FUNCTION report_charge(
    by_terminal uuid, of_charge uuid, at_stage smallint, by_event uuid, on_day date, inpatient boolean, specific_disease boolean,
    by_prescriber text, cost_yen int, collected_yen int, until_day date, OUT outcome smallint, OUT stage smallint, OUT counts_until date)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    institution text := begin_charge(by_terminal, of_charge);
    patient     bigint;
    before      charge;
BEGIN
    IF institution IS NULL THEN outcome := 4; RETURN; END IF;
    SELECT r.person_id INTO patient FROM access_record r JOIN terminal t USING (terminal_id)
     WHERE r.event_id = by_event AND r.event_time = event_time(by_event) AND t.institution_code = institution AND r.validity <> 0
     ORDER BY r.revision DESC LIMIT 1;
    IF patient IS NULL THEN outcome := 3; RETURN; END IF;
    -- The same content; or another stage of it, which is still the same patient's.
    SELECT * INTO before FROM charge c WHERE c.institution_code = institution AND c.charge_id = of_charge AND c.person_id IS NOT NULL
     ORDER BY c.stage = at_stage DESC LIMIT 1;
    IF before.person_id <> patient OR (before.stage = at_stage AND
        (before.service_date, before.is_inpatient, before.is_specific_disease, before.prescriber, before.total_cost_yen, before.charged_yen)
        IS DISTINCT FROM (on_day, inpatient, specific_disease, by_prescriber, cost_yen, collected_yen)) THEN
        outcome := 2;
        RETURN;
    END IF;
    INSERT INTO charge (institution_code, charge_id, stage, terminal_id, person_id, service_date, is_inpatient, is_specific_disease, prescriber,
                        total_cost_yen, charged_yen, counts_until, kept_until)
    VALUES (institution, of_charge, at_stage, by_terminal, patient, on_day, inpatient, specific_disease, by_prescriber, cost_yen, collected_yen,
            until_day, until_day + 31)
    ON CONFLICT DO NOTHING;
    SELECT 1, h.stage, h.counts_until INTO outcome, stage, counts_until FROM charge_that_holds(institution, of_charge) h;
END $$;

-- Is kept longer than any report of the same charge may count: a report that comes late finds it.
CREATE FUNCTION take_back_charge(by_terminal uuid, of_charge uuid, kept_to date, OUT outcome smallint, OUT stage smallint, OUT counts_until date)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    institution text := begin_charge(by_terminal, of_charge);
BEGIN
    IF institution IS NULL THEN outcome := 4; RETURN; END IF;
    INSERT INTO charge (institution_code, charge_id, stage, terminal_id, person_id, kept_until)
    VALUES (institution, of_charge, 3, by_terminal,
            (SELECT c.person_id FROM charge c WHERE c.institution_code = institution AND c.charge_id = of_charge AND c.person_id IS NOT NULL LIMIT 1), kept_to)
    ON CONFLICT DO NOTHING;
    SELECT 1, h.stage, h.counts_until INTO outcome, stage, counts_until FROM charge_that_holds(institution, of_charge) h;
END $$;

-- Forgets what no answer has needed for a month. Versions stay as they are: no answer changes by it.
CREATE FUNCTION forget_charges(today date) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp SET lock_timeout = '100ms' AS $$
    WITH forgotten AS (DELETE FROM charge WHERE kept_until < today RETURNING 1) SELECT count(*) FROM forgotten
$$;

REVOKE ALL ON FUNCTION forget_charges(date), charge_that_holds(text, uuid), begin_charge(uuid, uuid),
    report_charge(uuid, uuid, smallint, uuid, date, boolean, boolean, text, int, int, date), take_back_charge(uuid, uuid, date) FROM PUBLIC;
GRANT SELECT ON charge TO eg_gateway;
GRANT EXECUTE ON FUNCTION forget_charges(date), report_charge(uuid, uuid, smallint, uuid, date, boolean, boolean, text, int, int, date), take_back_charge(uuid, uuid, date) TO eg_gateway;
