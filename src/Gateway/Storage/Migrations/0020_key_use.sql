-- How many messages each key has sealed, over all gateways and restarts: AES-GCM with random nonces bears 2^32 of one key.
-- Runs as eg_owner, with search_path = eligibility.

CREATE TABLE key_use (
    ring        text        NOT NULL,
    key_id      smallint    NOT NULL CHECK (key_id BETWEEN 0 AND 255),
    key_name    bytea       NOT NULL CHECK (octet_length(key_name) = 8),   -- first bytes of the key's SHA-256, never of the key
    messages    bigint      NOT NULL CHECK (messages >= 0),                -- reserved, so never fewer than were sealed
    reserved_at timestamptz NOT NULL,
    PRIMARY KEY (ring, key_id, key_name)
);

-- Reserves messages before they are sealed, and gives what is reserved in all; with none it only tells. Asked twice it counts twice, which
-- errs on the safe side. Nobody can lower a count.
CREATE FUNCTION reserve_key_use(of_ring text, of_id smallint, of_name bytea, more bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
DECLARE
    total bigint;
BEGIN
    IF more < 0 THEN RAISE EXCEPTION 'a count is never lowered' USING ERRCODE = 'invalid_parameter_value'; END IF;
    IF more = 0 THEN
        SELECT k.messages INTO total FROM key_use k WHERE (k.ring, k.key_id, k.key_name) = (of_ring, of_id, of_name);
        RETURN coalesce(total, 0);
    END IF;
    INSERT INTO key_use AS k (ring, key_id, key_name, messages, reserved_at) VALUES (of_ring, of_id, of_name, more, clock_timestamp())
    ON CONFLICT (ring, key_id, key_name) DO UPDATE SET messages = k.messages + excluded.messages, reserved_at = excluded.reserved_at
    RETURNING k.messages INTO total;
    RETURN total;
END $$;

REVOKE ALL ON FUNCTION reserve_key_use(text, smallint, bytea, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reserve_key_use(text, smallint, bytea, bigint) TO eg_gateway;
