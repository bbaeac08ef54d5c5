-- A reception number says nothing about how many batches there were: the gateway draws it.
-- Runs as eg_owner, with search_path = eligibility.

ALTER TABLE appointment_batch ALTER COLUMN reception_number DROP IDENTITY;
