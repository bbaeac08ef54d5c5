-- Which state of a card follows which is said in Rules/Cards/CardLife.cs, for reports by hand and by file alike. What the rows alone show of
-- it is refused here, whoever writes: a card that was revoked or replaced is never in use again, and a death is the last word. A correction
-- of the card office's own mistake says that it is one.
ALTER TABLE card_state ADD COLUMN correction boolean NOT NULL DEFAULT false;

CREATE FUNCTION refuse_impossible_card_states() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    in_use CONSTANT smallint := 1;
    lost CONSTANT smallint := 2;
    holder_died CONSTANT smallint := 5;
BEGIN
    IF EXISTS (
        SELECT FROM new_rows n JOIN card_state b ON b.card_key = n.card_key AND b.revision = n.revision - 1
         WHERE NOT n.correction
           AND (b.status = holder_died AND n.status <> holder_died OR b.status NOT IN (in_use, lost) AND n.status IN (in_use, lost))) THEN
        RAISE EXCEPTION 'a card that has ended does not come back' USING ERRCODE = 'check_violation', CONSTRAINT = 'card_state_follows';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER card_state_follows AFTER INSERT ON card_state REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_impossible_card_states();

REVOKE ALL ON FUNCTION refuse_impossible_card_states() FROM PUBLIC;
