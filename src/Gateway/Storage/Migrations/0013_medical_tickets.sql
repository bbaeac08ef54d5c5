-- Medical tickets (医療券) of medical assistance: for one calendar month at one institution. Payer and recipient number are those of the
-- coverage (insurer number and number). details: what the institution's receipt computer is to get besides, as JSON of
-- Snapshots/TicketDetails; no rule asks for it.
-- Runs as eg_owner, with search_path = eligibility.
CREATE TABLE medical_ticket (
    ticket_id        bigint      NOT NULL,
    revision         int         NOT NULL CHECK (revision >= 0),
    person_id        bigint      NOT NULL REFERENCES person,
    coverage_id      bigint      NOT NULL,
    valid_from       date        NOT NULL,
    valid_until      date        NOT NULL CHECK (valid_until >= valid_from),   -- inclusive
    treatment_month  date        NOT NULL CHECK (extract(day FROM treatment_month) = 1),
    institution_code char(10)    NOT NULL CHECK (institution_code ~ '^[0-9]{10}$'),
    prescriber_code  char(10)             CHECK (prescriber_code ~ '^[0-9]{10}$'),
    self_pay_yen     int         NOT NULL CHECK (self_pay_yen >= 0),
    details          text        NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details::jsonb) = 'object'),
    withdrawn        boolean     NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    sequence         bigint,
    PRIMARY KEY (ticket_id, revision)
);
CREATE INDEX medical_ticket_person ON medical_ticket (person_id);
CREATE TRIGGER fact_1_person AFTER INSERT ON medical_ticket REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_person('ticket_id');
CREATE TRIGGER version_1_person AFTER INSERT ON medical_ticket REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_person_versions();

-- 9 is a medical ticket.
ALTER TABLE insurer_batch_change DROP CONSTRAINT insurer_batch_change_fact_kind_check;
ALTER TABLE insurer_batch_change ADD CONSTRAINT insurer_batch_change_fact_kind_check CHECK (fact_kind IN (1, 2, 3, 4, 5, 6, 8, 9));
ALTER TABLE insurer_batch_change ADD COLUMN treatment_month date;
ALTER TABLE insurer_batch_change ADD COLUMN institution_code char(10);
ALTER TABLE insurer_batch_change ADD COLUMN prescriber_code char(10);
ALTER TABLE insurer_batch_change ADD COLUMN self_pay_yen int;
ALTER TABLE insurer_batch_change ADD COLUMN details text;

GRANT SELECT ON medical_ticket TO eg_gateway;
GRANT SELECT, INSERT ON medical_ticket TO eg_insurer_feed;
