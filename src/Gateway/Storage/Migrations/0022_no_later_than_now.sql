-- A clock that is ahead, or a database login in wrong hands, makes nothing old before its time: what is dropped, deleted or dated by a time
-- that a gateway hands in is bounded by this server's own clock.
-- Runs as eg_owner, with search_path = eligibility.

CREATE OR REPLACE FUNCTION ensure_access_partitions(gateway_time timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp SET timezone = 'UTC' SET lock_timeout = '100ms' AS $$
DECLARE
    -- What is made ahead is for the gateway's clock, a day ahead at most; what is dropped is old by this one, too.
    ahead CONSTANT timestamptz := least(gateway_time, clock_timestamp() + interval '1 day');
    past  CONSTANT timestamptz := least(gateway_time, clock_timestamp());
    first timestamptz;
    part  text;
BEGIN
    -- Another gateway is at it.
    IF NOT pg_try_advisory_xact_lock(hashtext('ensure_access_partitions')) THEN RETURN; END IF;
    FOR n IN 0..1 LOOP
        first := date_trunc('month', ahead) + n * interval '1 month';
        PERFORM ensure_partition('access_record', 'access_record_' || to_char(first, 'YYYYMM'), first, first + interval '1 month');
    END LOOP;
    FOR n IN -1..2 LOOP
        first := date_trunc('hour', ahead) + n * interval '1 hour';
        PERFORM ensure_partition('event_answer', 'event_answer_' || to_char(first, 'YYYYMMDDHH24'), first, first + interval '1 hour');
    END LOOP;
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'eligibility.event_answer'::regclass AND c.relname ~ '^event_answer_[0-9]{10}$'
          AND to_timestamp(substr(c.relname, 14), 'YYYYMMDDHH24') < date_trunc('hour', past) - interval '1 hour'
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE %I', part);
        EXCEPTION WHEN lock_not_available THEN
            -- Somebody reads it, a backup perhaps.
            CONTINUE;
        END;
    END LOOP;
    DELETE FROM event_answer_default WHERE event_time < past - interval '2 hours';
END $$;

CREATE OR REPLACE FUNCTION register_card(registered_card uuid, registered_at timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    latest card_state;
BEGIN
    PERFORM 1 FROM card WHERE card_key = registered_card FOR NO KEY UPDATE;
    SELECT * INTO latest FROM card_state WHERE card_key = registered_card ORDER BY revision DESC LIMIT 1;
    IF latest IS NULL OR latest.status <> 1 OR latest.registered THEN RETURN false; END IF;
    INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term)
    VALUES (registered_card, latest.revision + 1, 1, least(registered_at, clock_timestamp()), true, 1, latest.until_day, latest.term);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION take_back_charge(by_terminal uuid, of_charge uuid, kept_to date, OUT outcome smallint, OUT stage smallint, OUT counts_until date)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    institution text := begin_charge(by_terminal, of_charge);
BEGIN
    IF institution IS NULL THEN outcome := 4; RETURN; END IF;
    INSERT INTO charge (institution_code, charge_id, stage, terminal_id, person_id, kept_until)
    VALUES (institution, of_charge, 3, by_terminal,
            (SELECT c.person_id FROM charge c WHERE c.institution_code = institution AND c.charge_id = of_charge AND c.person_id IS NOT NULL LIMIT 1),
            -- Never so soon that the charge could be reported again as if nothing had been.
            greatest(kept_to, (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date))
    ON CONFLICT DO NOTHING;
    SELECT 1, h.stage, h.counts_until INTO outcome, stage, counts_until FROM charge_that_holds(institution, of_charge) h;
END $$;

CREATE OR REPLACE FUNCTION forget_charges(today date) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp SET lock_timeout = '100ms' AS $$
    WITH forgotten AS (DELETE FROM charge WHERE kept_until < least(today, (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date) RETURNING 1) SELECT count(*) FROM forgotten
$$;

CREATE OR REPLACE FUNCTION delete_old_appointments(gateway_time timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    DELETE FROM appointment_batch b WHERE b.accepted_at < least(gateway_time, clock_timestamp()) - interval '7 days'
       AND NOT EXISTS (SELECT FROM appointment_chunk c WHERE c.reception_number = b.reception_number)
$$;

CREATE OR REPLACE FUNCTION begin_charge(by_terminal uuid, of_charge uuid) RETURNS text
    LANGUAGE plpgsql SET search_path = eligibility, pg_temp AS $$
DECLARE
    institution text;
BEGIN
    -- On disk when it is acknowledged, whatever the login's own setting says.
    IF current_setting('synchronous_commit') = 'off' THEN PERFORM set_config('synchronous_commit', 'on', true); END IF;
    SELECT t.institution_code INTO institution FROM terminal t WHERE t.terminal_id = by_terminal AND t.revoked_at IS NULL;
    IF institution IS NOT NULL THEN PERFORM pg_advisory_xact_lock(hashtextextended(institution || of_charge::text, 0)); END IF;
    RETURN institution;
END $$;
