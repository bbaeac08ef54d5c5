-- The life of a card. Runs as eg_owner, with search_path = eligibility.

-- ---------------------------------------------------------------- cards
-- status 5: its holder died. until_day: the card's own last day, inclusive, which a certificate may outlast; null where the card office
-- told none. term: 1 to a birthday, 2 with the period of stay; nothing else of a stay is kept. sequence: the card office's own number
-- of the event that the revision came with; null where it came another way.
ALTER TABLE card_state DROP CONSTRAINT card_state_status_check;
ALTER TABLE card_state ADD CONSTRAINT card_state_status_check CHECK (status BETWEEN 1 AND 5);
ALTER TABLE card_state ADD COLUMN until_day date;
ALTER TABLE card_state ADD COLUMN term smallint CHECK (term IN (1, 2));
ALTER TABLE card_state ADD COLUMN sequence bigint CHECK (sequence > 0);
ALTER TABLE card_state ADD CONSTRAINT card_state_term_has_a_day CHECK (term IS NULL OR until_day IS NOT NULL);

-- As before, and the card's last day stays with it.
CREATE OR REPLACE FUNCTION register_card(registered_card uuid, registered_at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    latest card_state;
BEGIN
    PERFORM 1 FROM card WHERE card_key = registered_card FOR NO KEY UPDATE;
    SELECT * INTO latest FROM card_state WHERE card_key = registered_card ORDER BY revision DESC LIMIT 1;
    IF latest IS NULL OR latest.status <> 1 OR latest.registered THEN RETURN false; END IF;
    INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term)
    VALUES (registered_card, latest.revision + 1, 1, registered_at, true, 1, latest.until_day, latest.term);
    RETURN true;
END $$;

-- ---------------------------------------------------------------- applications for a card
-- By the id on the application form (申請書ID). Whoever asks must know the birth date too.
CREATE TABLE card_application (
    application_id text        PRIMARY KEY CHECK (application_id ~ '^[0-9]{23}$'),
    birth_date     date        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- state: 1 received, 2 in process, 3 notice sent, 4 handed over. place: where the card is handed over, as the notice says.
CREATE TABLE card_application_state (
    application_id text        NOT NULL REFERENCES card_application,
    revision       int         NOT NULL CHECK (revision >= 0),
    state          smallint    NOT NULL CHECK (state BETWEEN 1 AND 4),
    on_day         date        NOT NULL,
    place          text        NOT NULL DEFAULT '' CHECK (length(place) <= 100),
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (application_id, revision),
    CHECK ((state = 3) = (place <> ''))
);

GRANT SELECT, INSERT ON card_application, card_application_state TO eg_card_office;
GRANT SELECT ON card_application, card_application_state TO eg_gateway;
