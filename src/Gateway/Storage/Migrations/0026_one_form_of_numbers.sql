-- A document's numbers have one form (DocumentNumbers, InsurerNumber), by which they are found. What is kept in another is brought to it:
-- between digits, whatever is typed for a hyphen is one; a 6-digit insurer number has no zeros before it. The facts stay what they were, so
-- none gets a revision; versions rise, so that no gateway answers by a copy in the old form. The release before goes on: it finds what is
-- typed in the new form.
-- Runs as eg_owner, with search_path = eligibility.

CREATE FUNCTION pg_temp.one_form(written text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    translate(regexp_replace(written, '(?<=[0-9][-‐‒–—゠ー─]*)[‐‒–—゠ー─](?=[-‐‒–—゠ー─]*[0-9])', '-', 'g'), '‐‒–', '---');

CREATE FUNCTION pg_temp.unpadded(insurer text) RETURNS text LANGUAGE sql IMMUTABLE RETURN regexp_replace(insurer, '^00([0-9]{6})$', '\1');

INSERT INTO insurer (insurer_number, name)
SELECT pg_temp.unpadded(insurer_number), name FROM insurer WHERE insurer_number <> pg_temp.unpadded(insurer_number) ON CONFLICT DO NOTHING;

CREATE TEMPORARY TABLE reformed ON COMMIT DROP AS
SELECT DISTINCT person_id, unnest(ARRAY[document_key, document_key_of(pg_temp.unpadded(insurer_number), pg_temp.one_form(symbol), pg_temp.one_form(number))]) AS document_key
FROM coverage
WHERE (insurer_number, symbol, number) IS DISTINCT FROM (pg_temp.unpadded(insurer_number), pg_temp.one_form(symbol), pg_temp.one_form(number));

SELECT lock_persons(array_agg(person_id)) FROM reformed;

UPDATE coverage SET insurer_number = pg_temp.unpadded(insurer_number), symbol = pg_temp.one_form(symbol), number = pg_temp.one_form(number)
WHERE (insurer_number, symbol, number) IS DISTINCT FROM (pg_temp.unpadded(insurer_number), pg_temp.one_form(symbol), pg_temp.one_form(number));
UPDATE insurer_batch_change SET insurer_number = pg_temp.unpadded(insurer_number), symbol = pg_temp.one_form(symbol), number = pg_temp.one_form(number)
WHERE (insurer_number, symbol, number) IS DISTINCT FROM (pg_temp.unpadded(insurer_number), pg_temp.one_form(symbol), pg_temp.one_form(number));

UPDATE person_detail SET insurer_number = pg_temp.unpadded(insurer_number) WHERE insurer_number <> pg_temp.unpadded(insurer_number);
UPDATE person_review SET insurer_number = pg_temp.unpadded(insurer_number), against = pg_temp.unpadded(against)
WHERE (insurer_number, against) <> (pg_temp.unpadded(insurer_number), pg_temp.unpadded(against));
UPDATE medical_expense SET insurer_number = pg_temp.unpadded(insurer_number) WHERE insurer_number <> pg_temp.unpadded(insurer_number);
UPDATE medical_expense_month SET insurer_number = pg_temp.unpadded(insurer_number) WHERE insurer_number <> pg_temp.unpadded(insurer_number);
UPDATE insurer_batch SET insurers = ARRAY(SELECT DISTINCT pg_temp.unpadded(n) FROM unnest(insurers) n)
WHERE EXISTS (SELECT FROM unnest(insurers) n WHERE n <> pg_temp.unpadded(n));
DELETE FROM insurer WHERE insurer_number <> pg_temp.unpadded(insurer_number);

UPDATE person SET version = version + 1 WHERE person_id IN (SELECT person_id FROM reformed);
INSERT INTO document_key AS k (document_key, version) SELECT DISTINCT document_key, 1 FROM reformed ORDER BY 1
ON CONFLICT (document_key) DO UPDATE SET version = k.version + 1;
