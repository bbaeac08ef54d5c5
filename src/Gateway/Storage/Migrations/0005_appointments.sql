-- Bulk look-up of appointments. A batch lies here in chunks, sealed: who reads the tables learns no name and no number. To take a chunk
-- is to delete it; its results and the access records of its rows are inserted by the same transaction. So a chunk is done once, by
-- whichever gateway, and one that is killed leaves it as it was.
-- Runs as eg_owner, with search_path = eligibility.

CREATE TABLE appointment_batch (
    reception_number bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_code text        NOT NULL,
    batch_id         uuid        NOT NULL,                                 -- the site's
    terminal_id      uuid        NOT NULL REFERENCES terminal,
    purpose          smallint    NOT NULL CHECK (purpose IN (1, 2)),
    service_date     date        NOT NULL,
    request_hash     bytea       NOT NULL CHECK (length(request_hash) = 32),
    seed             uuid        NOT NULL,                                 -- of the rows' event ids; what is sealed belongs to it
    rows             int         NOT NULL CHECK (rows BETWEEN 1 AND 10000),
    accepted_at      timestamptz NOT NULL,
    UNIQUE (institution_code, batch_id)
);
CREATE INDEX appointment_batch_accepted_at ON appointment_batch (accepted_at);

-- What is not done yet. first_row counts from 1.
CREATE TABLE appointment_chunk (
    reception_number bigint NOT NULL REFERENCES appointment_batch,
    first_row        int    NOT NULL CHECK (first_row > 0),
    sealed           bytea  NOT NULL,
    PRIMARY KEY (reception_number, first_row)
);
-- Batches take turns: a small one does not wait for all of a large one.
CREATE INDEX appointment_chunk_turn ON appointment_chunk (first_row, reception_number);

CREATE TABLE appointment_result (
    reception_number bigint      NOT NULL REFERENCES appointment_batch ON DELETE CASCADE,
    first_row        int         NOT NULL CHECK (first_row > 0),
    rows             int         NOT NULL CHECK (rows > 0),
    found            int         NOT NULL CHECK (found >= 0),
    misses           int         NOT NULL CHECK (misses >= 0),             -- typed numbers that match nobody
    failed           int         NOT NULL CHECK (failed >= 0),
    done_at          timestamptz NOT NULL,
    sealed           bytea       NOT NULL,
    PRIMARY KEY (reception_number, first_row)
);

-- What is sealed can't be compressed.
ALTER TABLE appointment_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE appointment_result ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Takes the next chunk that no other transaction has taken; none of the batches passed over.
CREATE FUNCTION take_appointment_chunk(passed_over bigint[]) RETURNS SETOF appointment_chunk
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    DELETE FROM appointment_chunk WHERE (reception_number, first_row) = (
        SELECT c.reception_number, c.first_row FROM appointment_chunk c WHERE c.reception_number <> ALL (passed_over)
         ORDER BY c.first_row, c.reception_number FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING *
$$;

-- Results are kept for seven days from when the batch was handed in, and as long as one is missing.
CREATE FUNCTION delete_old_appointments(gateway_time timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    DELETE FROM appointment_batch b WHERE b.accepted_at < gateway_time - interval '7 days'
       AND NOT EXISTS (SELECT FROM appointment_chunk c WHERE c.reception_number = b.reception_number)
$$;

REVOKE ALL ON FUNCTION take_appointment_chunk(bigint[]), delete_old_appointments(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_appointment_chunk(bigint[]), delete_old_appointments(timestamptz) TO eg_gateway;
GRANT SELECT, INSERT ON appointment_batch, appointment_result TO eg_gateway;
GRANT INSERT ON appointment_chunk TO eg_gateway;
