-- Accepted batches, further.
-- Runs as eg_owner, with search_path = eligibility.

-- Whose change a person's detail came with: each insurer numbers its own changes, and several may say who a person is. Null where it
-- came another way, or before this column was there.
ALTER TABLE person_detail ADD COLUMN insurer_number text;

-- A step of an accepted batch that Postgres refused for what it holds, although the checks had found nothing. The step is tried again
-- by each resume, until what is in its way is mended; other insurers' batches go on meanwhile. A refusal names the rule and no row.
CREATE TABLE insurer_batch_refusal (
    batch_id   bigint      NOT NULL REFERENCES insurer_batch,
    step       int         NOT NULL CHECK (step >= 0),
    sql_state  text        NOT NULL,
    rule       text        NOT NULL,                          -- the table's and the constraint's name
    refused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (batch_id, step, sql_state, rule)
);

GRANT SELECT, INSERT ON insurer_batch_refusal TO eg_insurer_feed;
