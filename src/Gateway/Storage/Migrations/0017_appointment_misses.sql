-- Misses that a chunk may have, set aside before its numbers are looked up: two gateways that do an institution's chunks at once must not
-- both count the same ones as left.
-- Runs as eg_owner, with search_path = eligibility.

CREATE TABLE appointment_reservation (
    reception_number bigint      NOT NULL,
    first_row        int         NOT NULL,
    institution_code text        NOT NULL,
    misses           int         NOT NULL CHECK (misses >= 0),
    until            timestamptz NOT NULL,
    PRIMARY KEY (reception_number, first_row)
);
CREATE INDEX appointment_reservation_institution ON appointment_reservation (institution_code);

-- How many misses a chunk may have; null where that is not known before another chunk of the institution is done. A batch is done within
-- seconds, or a day where something is badly wrong: older ones are not looked through.
CREATE FUNCTION reserve_appointment_misses(of_reception bigint, of_first_row int, of_institution text, rows int, budget int, since timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    used bigint;
    reserved bigint;
    needed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('appointment misses of ' || of_institution, 0));
    -- Of a gateway that was killed; and of this chunk, which was taken before and came back.
    DELETE FROM appointment_reservation r
     WHERE r.institution_code = of_institution AND (r.until < clock_timestamp() OR (r.reception_number = of_reception AND r.first_row = of_first_row));
    SELECT coalesce(sum(r.misses), 0) INTO used FROM appointment_batch b JOIN appointment_result r USING (reception_number)
     WHERE b.institution_code = of_institution AND b.accepted_at > since - interval '1 day' AND r.done_at > since;
    SELECT coalesce(sum(r.misses), 0) INTO reserved FROM appointment_reservation r WHERE r.institution_code = of_institution;
    needed := least(rows, greatest(budget - used, 0));
    IF budget - used - reserved < needed THEN RETURN NULL; END IF;
    INSERT INTO appointment_reservation (reception_number, first_row, institution_code, misses, until)
    VALUES (of_reception, of_first_row, of_institution, needed, clock_timestamp() + interval '1 minute');
    RETURN needed;
END $$;

-- With its results a chunk's misses are counted.
CREATE FUNCTION end_appointment_reservation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    DELETE FROM appointment_reservation WHERE reception_number = NEW.reception_number AND first_row = NEW.first_row;
    RETURN NULL;
END $$;
CREATE TRIGGER end_reservation AFTER INSERT ON appointment_result FOR EACH ROW EXECUTE FUNCTION end_appointment_reservation();

REVOKE ALL ON FUNCTION reserve_appointment_misses(bigint, int, text, int, int, timestamptz), end_appointment_reservation() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reserve_appointment_misses(bigint, int, text, int, int, timestamptz) TO eg_gateway;
