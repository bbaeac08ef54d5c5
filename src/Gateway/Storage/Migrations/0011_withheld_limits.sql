-- Days on which an insurer withholds the limit of a person under 70, because premiums are not paid (国民健康保険): the person is insured,
-- and pays the plain share until the insurer is asked.
-- Runs as eg_owner, with search_path = eligibility.
CREATE TABLE withheld_limit (
    withheld_id bigint      NOT NULL,
    revision    int         NOT NULL CHECK (revision >= 0),
    person_id   bigint      NOT NULL REFERENCES person,
    coverage_id bigint      NOT NULL,
    valid_from  date        NOT NULL,
    valid_until date                 CHECK (valid_until >= valid_from),   -- inclusive
    withdrawn   boolean     NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sequence    bigint,
    PRIMARY KEY (withheld_id, revision)
);
CREATE INDEX withheld_limit_person ON withheld_limit (person_id);
CREATE TRIGGER fact_1_person AFTER INSERT ON withheld_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('withheld_id');
CREATE TRIGGER version_1_person AFTER INSERT ON withheld_limit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();

-- 7 is the clinical facts', which come another way; 8 a withheld limit.
ALTER TABLE insurer_batch_change DROP CONSTRAINT insurer_batch_change_fact_kind_check;
ALTER TABLE insurer_batch_change ADD CONSTRAINT insurer_batch_change_fact_kind_check CHECK (fact_kind IN (1, 2, 3, 4, 5, 6, 8));

GRANT SELECT ON withheld_limit TO eg_gateway;
GRANT SELECT, INSERT ON withheld_limit TO eg_insurer_feed;
