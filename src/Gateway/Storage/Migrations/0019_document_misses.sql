-- Guesses at the birth date that belongs to a document's numbers: after 20 that were wrong on one day, at whichever terminals, institutions
-- and gateways, whoever types these numbers has one try in ten minutes. So nobody's birth date can be guessed, and nobody is locked out:
-- the card is asked nothing here.
-- Runs as eg_owner, with search_path = eligibility.

CREATE TABLE document_miss (
    document_key uuid        NOT NULL,
    day          date        NOT NULL,                        -- in Japan
    misses       int         NOT NULL CHECK (misses > 0),
    tried_at     timestamptz NOT NULL,
    PRIMARY KEY (document_key, day)
);

-- Whether the answer to these numbers, right or wrong, may be given; a wrong one is counted in the same step. It is called by the statement
-- that records the look-up, so that what is not recorded is not counted, and waits for others who try the same document.
CREATE FUNCTION try_document(of_document uuid, is_miss boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    most CONSTANT int := 20;
    apart CONSTANT interval := '10 minutes';
    today CONSTANT date := (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date;
    found_misses int;
    found_tried timestamptz;
BEGIN
    SELECT m.misses, m.tried_at INTO found_misses, found_tried FROM document_miss m WHERE m.document_key = of_document AND m.day = today FOR UPDATE;
    IF NOT FOUND THEN
        IF NOT is_miss THEN RETURN true; END IF;
        INSERT INTO document_miss AS m (document_key, day, misses, tried_at) VALUES (of_document, today, 1, clock_timestamp())
        ON CONFLICT (document_key, day) DO UPDATE SET misses = m.misses + 1 RETURNING m.misses INTO found_misses;
        RETURN found_misses <= most;
    END IF;
    IF found_misses >= most AND clock_timestamp() - found_tried < apart THEN RETURN false; END IF;
    IF is_miss OR found_misses >= most THEN
        UPDATE document_miss m SET misses = m.misses + is_miss::int, tried_at = clock_timestamp() WHERE m.document_key = of_document AND m.day = today;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION forget_document_misses() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    DELETE FROM document_miss WHERE day < (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date - 1
$$;

REVOKE ALL ON FUNCTION try_document(uuid, boolean), forget_document_misses() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION try_document(uuid, boolean), forget_document_misses() TO eg_gateway;
