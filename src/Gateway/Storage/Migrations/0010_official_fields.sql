-- What the official answer says of a person besides: the kana of another name in use, and the sex that a document shows where that is
-- not the registered one (the notation practice of 2012).
-- Runs as eg_owner, with search_path = eligibility.
ALTER TABLE person_detail ADD COLUMN other_name_kana text NOT NULL DEFAULT '';
ALTER TABLE person_detail ADD COLUMN sex_on_document smallint CHECK (sex_on_document BETWEEN 1 AND 3);
ALTER TABLE insurer_batch_change ADD COLUMN other_name_kana text;
ALTER TABLE insurer_batch_change ADD COLUMN sex_on_document smallint;
