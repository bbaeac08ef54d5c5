-- Insurers' files. A batch whose every row was found good is accepted: its changes lie here, durable and not in force. It is then
-- applied in steps, a transaction each, which split no household; what says that a step is done commits with the step. Nothing that
-- answers reads these tables.
-- Runs as eg_owner, with search_path = eligibility.

-- The insurer's own number of the change that a revision came with; null where it came another way. A change with a lower number than
-- the highest of its fact (of its person's day) comes too late.
ALTER TABLE person_detail ADD COLUMN sequence bigint;
ALTER TABLE coverage ADD COLUMN sequence bigint;
ALTER TABLE burden ADD COLUMN sequence bigint;
ALTER TABLE benefit_limit ADD COLUMN sequence bigint;
ALTER TABLE specific_disease ADD COLUMN sequence bigint;
ALTER TABLE eligibility_certificate ADD COLUMN sequence bigint;

CREATE TABLE insurer_batch (
    batch_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    insurers    text[]      NOT NULL,
    file_hash   bytea       NOT NULL CHECK (length(file_hash) = 32),      -- SHA-256
    changes     int         NOT NULL CHECK (changes > 0),
    steps       int         NOT NULL CHECK (steps > 0),
    accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_at  timestamptz
);
-- Unfinished ones are asked for at each import.
CREATE INDEX insurer_batch_unfinished ON insurer_batch (batch_id) WHERE applied_at IS NULL;

-- A change as it will be inserted: fact_kind 1 person, 2 coverage, 3 burden, 4 limit, 5 specific disease, 6 eligibility certificate.
-- What the fact's table checks is checked again there.
CREATE TABLE insurer_batch_change (
    batch_id          bigint   NOT NULL,
    step              int      NOT NULL CHECK (step >= 0),
    line              int      NOT NULL,
    fact_kind         smallint NOT NULL CHECK (fact_kind BETWEEN 1 AND 6),
    sequence          bigint   NOT NULL,
    person_id         bigint   NOT NULL,
    fact_id           bigint   NOT NULL,
    withdrawn         boolean  NOT NULL,
    name              text,
    name_kana         text,
    other_name        text,
    sex               smallint,
    birth_date        date,
    address           text,
    post_code         text,
    insurer_number    text,
    classification    char(2),
    symbol            text,
    number            text,
    branch            char(2),
    relation          smallint,
    insured_name      text,
    acquired_on       date,
    lost_on           date,
    loss_reason       smallint,
    coverage_id       bigint,
    percent           smallint,
    certificate_class char(2),
    limit_class       char(3),
    category          smallint,
    monthly_limit_yen int,
    issued_on         date,
    valid_from        date,
    valid_until       date,
    long_term_on      date,
    PRIMARY KEY (batch_id, step, line)
);

CREATE TABLE insurer_batch_step (
    batch_id   bigint      NOT NULL REFERENCES insurer_batch,
    step       int         NOT NULL CHECK (step >= 0),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (batch_id, step)
);

-- Ends a batch all of whose steps are applied, and takes its copies of the changes away: they are facts now. False where a step is
-- missing, or the batch had ended before.
CREATE FUNCTION finish_insurer_batch(finished_batch bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    UPDATE insurer_batch b SET applied_at = clock_timestamp()
    WHERE b.batch_id = finished_batch AND b.applied_at IS NULL
      AND b.steps = (SELECT count(*) FROM insurer_batch_step s WHERE s.batch_id = finished_batch AND s.step < b.steps);
    IF NOT FOUND THEN RETURN false; END IF;
    DELETE FROM insurer_batch_change WHERE batch_id = finished_batch;
    DELETE FROM insurer_batch_step WHERE batch_id = finished_batch;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION finish_insurer_batch(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_insurer_batch(bigint) TO eg_insurer_feed;
GRANT SELECT, INSERT ON insurer_batch, insurer_batch_change, insurer_batch_step TO eg_insurer_feed;
