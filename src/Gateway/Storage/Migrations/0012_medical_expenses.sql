-- What medical care cost, as insurers tell it from claims (医療費通知情報), for the tax deduction (医療費控除). No answer at a desk depends
-- on it, so no version is raised by it. Append-only as all facts: a correction is a new revision.
-- Runs as eg_owner, with search_path = eligibility. The role eg_expenses is made by Bootstrap.sql, which is run again before this.

CREATE TABLE medical_expense (
    insurer_number   text        NOT NULL REFERENCES insurer,
    expense_id       bigint      NOT NULL,                  -- the insurer's own number of it
    revision         int         NOT NULL CHECK (revision >= 0),
    sequence         bigint      NOT NULL CHECK (sequence > 0),
    person_id        bigint      NOT NULL REFERENCES person,
    month            date                 CHECK (extract(day FROM month) = 1),   -- of treatment
    institution_code text        NOT NULL DEFAULT '' CHECK (institution_code ~ '^([0-9]{10})?$'),
    institution_name text        NOT NULL DEFAULT '' CHECK (length(institution_name) <= 100),
    setting          smallint             CHECK (setting BETWEEN 1 AND 5),       -- 1 inpatient, 2 outpatient, 3 dental, 4 dispensing, 5 other
    days             smallint             CHECK (days BETWEEN 0 AND 999),
    total_cost       int,                                   -- yen, all of them; of an adjustment that takes back they are negative
    insurer_paid     int,
    public_paid      int,
    patient_paid     int,
    reimbursed       int,                                   -- given back to the patient afterwards (high-cost benefit and the like)
    paid_on          date,                                  -- null where the insurer does not know it
    withdrawn        boolean     NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (insurer_number, expense_id, revision),
    CHECK (withdrawn OR num_nulls(month, setting, days, total_cost, insurer_paid, public_paid, patient_paid, reimbursed) = 0 AND institution_name <> '')
);
CREATE INDEX medical_expense_person ON medical_expense (person_id);

-- The same as refuse_change_of_person says, for numbers that are the insurer's own.
CREATE FUNCTION refuse_change_of_person_of_expense() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN medical_expense e ON e.insurer_number = n.insurer_number AND e.expense_id = n.expense_id
               WHERE n.revision > 0 AND e.person_id <> n.person_id) THEN
        RAISE EXCEPTION 'a fact stays with its person: withdraw it and state a new one' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fact_1_person AFTER INSERT ON medical_expense REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person_of_expense();

-- That an insurer has told all it knows of a month. Without it a month without rows is not a month without cost.
CREATE TABLE medical_expense_month (
    insurer_number text        NOT NULL REFERENCES insurer,
    month          date        NOT NULL CHECK (extract(day FROM month) = 1),
    sequence       bigint      NOT NULL CHECK (sequence > 0),
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (insurer_number, month)
);

-- Who took out whose expenses. recorded_in lets nothing be read in the transaction that has yet to record it.
CREATE TABLE expense_access (
    access_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_by    text        NOT NULL CHECK (length(asked_by) BETWEEN 1 AND 100),
    asked_for   bigint[]    NOT NULL CHECK (cardinality(asked_for) BETWEEN 1 AND 20),
    persons     bigint[]    NOT NULL CHECK (persons @> asked_for),       -- with those who share their insurance, where these were asked for
    of_year     int         NOT NULL CHECK (of_year BETWEEN 1900 AND 2999),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_in xid8        NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX expense_access_persons ON expense_access USING gin (persons);

-- The coverages that persons have by what is known now.
CREATE FUNCTION coverages_known_of(known_persons bigint[]) RETURNS SETOF coverage
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT latest.* FROM (SELECT DISTINCT ON (c.coverage_id) c.* FROM coverage c WHERE c.person_id = ANY (known_persons) ORDER BY c.coverage_id, c.revision DESC) latest
    WHERE NOT latest.withdrawn
$$;

-- Records an access and says under which number; where a person is not known, says only that, and records nothing.
-- A household is who shares insurer, symbol and number on some day of the year.
CREATE FUNCTION record_expense_access(asker text, for_persons bigint[], in_year int, with_household boolean,
        OUT recorded_access bigint, OUT unknown_person bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    year_range daterange := daterange(make_date(in_year, 1, 1), make_date(in_year + 1, 1, 1));
    all_persons bigint[] := for_persons;
BEGIN
    SELECT f.id INTO unknown_person FROM unnest(for_persons) f (id) WHERE NOT EXISTS (SELECT FROM person_detail d WHERE d.person_id = f.id) LIMIT 1;
    IF FOUND THEN RETURN; END IF;
    IF with_household THEN
        SELECT array_agg(DISTINCT found.id ORDER BY found.id) INTO all_persons FROM (
            SELECT unnest(for_persons) AS id
            UNION ALL
            SELECT theirs.person_id
            FROM coverages_known_of(for_persons) own
            CROSS JOIN LATERAL coverages_known_of(ARRAY(SELECT DISTINCT c.person_id FROM coverage c WHERE c.document_key = own.document_key)) theirs
            WHERE theirs.insurer_number = own.insurer_number AND theirs.symbol = own.symbol AND theirs.number = own.number
              AND NOT isempty(daterange(own.acquired_on, own.lost_on) * daterange(theirs.acquired_on, theirs.lost_on) * year_range)
        ) found;
    END IF;
    INSERT INTO expense_access (asked_by, asked_for, persons, of_year) VALUES (asker, for_persons, all_persons, in_year) RETURNING access_id INTO recorded_access;
END $$;

-- What an access that is recorded for good lets be read, for ten minutes.
CREATE FUNCTION expense_access_open(of_access bigint) RETURNS SETOF expense_access
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT a.* FROM expense_access a
    WHERE a.access_id = of_access AND a.recorded_in IS DISTINCT FROM pg_current_xact_id_if_assigned() AND a.recorded_at > clock_timestamp() - interval '10 minutes'
$$;

CREATE FUNCTION expense_persons(of_access bigint) RETURNS TABLE (person_id bigint, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT p.id, d.name
    FROM expense_access_open(of_access) a CROSS JOIN unnest(a.persons) p (id)
    CROSS JOIN LATERAL (
        SELECT n.name FROM person_detail n WHERE n.person_id = p.id
        ORDER BY n.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date DESC, CASE WHEN n.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date THEN n.valid_from END DESC,
            n.valid_from, n.revision DESC
        LIMIT 1) d
$$;

-- Treated in the year, or paid in it.
CREATE FUNCTION expenses_of(of_access bigint) RETURNS TABLE (
        person_id bigint, insurer_number text, insurer_name text, expense_id bigint, month date, institution_code text, institution_name text, setting smallint, days smallint,
        total_cost int, insurer_paid int, public_paid int, patient_paid int, reimbursed int, paid_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT e.person_id, e.insurer_number, i.name, e.expense_id, e.month, e.institution_code, e.institution_name, e.setting, e.days,
        e.total_cost, e.insurer_paid, e.public_paid, e.patient_paid, e.reimbursed, e.paid_on
    FROM expense_access_open(of_access) a
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (m.insurer_number, m.expense_id) m.* FROM medical_expense m WHERE m.person_id = ANY (a.persons)
        ORDER BY m.insurer_number, m.expense_id, m.revision DESC) e
    JOIN insurer i ON i.insurer_number = e.insurer_number
    WHERE NOT e.withdrawn AND (extract(year FROM e.month) = a.of_year OR extract(year FROM e.paid_on) = a.of_year)
$$;

-- Each month of the year in which an insurer insures the person on some day, and whether it has told all it knows of it.
CREATE FUNCTION expense_months(of_access bigint) RETURNS TABLE (person_id bigint, insurer_number text, insurer_name text, month date, complete boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT DISTINCT c.person_id, c.insurer_number, i.name, m.first::date, k.month IS NOT NULL
    FROM expense_access_open(of_access) a
    CROSS JOIN generate_series(make_date(a.of_year, 1, 1)::timestamp, make_date(a.of_year, 12, 1)::timestamp, interval '1 month') m (first)
    CROSS JOIN LATERAL coverages_known_of(a.persons) c
    JOIN insurer i ON i.insurer_number = c.insurer_number
    LEFT JOIN medical_expense_month k ON k.insurer_number = c.insurer_number AND k.month = m.first
    WHERE daterange(c.acquired_on, c.lost_on) && daterange(m.first::date, (m.first + interval '1 month')::date)
$$;

-- eg_expenses reads no table: what it may see is what it has put on record before.
REVOKE ALL ON FUNCTION refuse_change_of_person_of_expense(), coverages_known_of(bigint[]), expense_access_open(bigint),
    record_expense_access(text, bigint[], int, boolean), expense_persons(bigint), expenses_of(bigint), expense_months(bigint) FROM PUBLIC;
GRANT USAGE ON SCHEMA eligibility TO eg_expenses;
GRANT EXECUTE ON FUNCTION record_expense_access(text, bigint[], int, boolean), expense_persons(bigint), expenses_of(bigint), expense_months(bigint) TO eg_expenses;
GRANT SELECT, INSERT ON medical_expense, medical_expense_month TO eg_insurer_feed;
