-- A phone's certificate ends with the plastic card or certificate that it was made with: what is answered to it stands on the rows of two
-- cards. A change of either raises the phone's version, so that the record proves both by that one.
-- Runs as eg_owner, with search_path = eligibility.

-- The card office writes one transaction at a time, from before it holds a row until it is committed: one that binds a phone sees each plastic
-- card, and one that changes a plastic card sees each phone. A card that is registered at a reader waits for no turn.
CREATE FUNCTION take_turn_of_cards() RETURNS void
    LANGUAGE sql SET search_path = eligibility, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtext('turn_of_cards'))
$$;

CREATE FUNCTION take_turn_to_bind() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM take_turn_of_cards();
    RETURN NULL;
END $$;
CREATE TRIGGER turn BEFORE INSERT ON card FOR EACH STATEMENT EXECUTE FUNCTION take_turn_to_bind();

-- As before, in its turn, and with all other cards of the same persons, whose versions may be raised too.
CREATE OR REPLACE FUNCTION lock_cards(locked_cards uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    PERFORM take_turn_of_cards();
    PERFORM 1 FROM card WHERE person_id IN (SELECT l.person_id FROM card l WHERE l.card_key = ANY (locked_cards)) ORDER BY card_key FOR NO KEY UPDATE;
END $$;

-- Raises the phones of persons of whom a plastic card was bound, or came to another status or last day. That one was registered for use as
-- insurance card is nothing to a phone.
CREATE FUNCTION raise_phone_versions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    plastic CONSTANT smallint := 1;
    phone CONSTANT smallint := 2;
    holders bigint[];
    phones uuid[];
BEGIN
    IF TG_TABLE_NAME = 'card_certificate' THEN
        holders := ARRAY(SELECT c.person_id FROM new_rows n JOIN card c USING (card_key) WHERE n.carrier = plastic);
    ELSE
        holders := ARRAY(
            SELECT c.person_id FROM new_rows n JOIN card c USING (card_key) JOIN card_certificate f USING (card_key)
            LEFT JOIN card_state b ON b.card_key = n.card_key AND b.revision = n.revision - 1
            WHERE f.carrier = plastic AND (n.status, n.until_day) IS DISTINCT FROM (b.status, b.until_day));
    END IF;
    IF holders = '{}' THEN RETURN NULL; END IF;
    -- It is theirs already, but of who writes past lock_cards. What follows sees all that was committed in the turns before.
    PERFORM take_turn_of_cards();
    phones := ARRAY(SELECT c.card_key FROM card c JOIN card_certificate f USING (card_key) WHERE c.person_id = ANY (holders) AND f.carrier = phone);
    PERFORM 1 FROM card WHERE card_key = ANY (phones) ORDER BY card_key FOR NO KEY UPDATE;
    UPDATE card SET version = version + 1 WHERE card_key = ANY (phones);
    RETURN NULL;
END $$;
CREATE TRIGGER version_2_phone AFTER INSERT ON card_certificate REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_phone_versions();
CREATE TRIGGER version_2_phone AFTER INSERT ON card_state REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_phone_versions();

REVOKE ALL ON FUNCTION take_turn_of_cards(), take_turn_to_bind(), raise_phone_versions() FROM PUBLIC;
