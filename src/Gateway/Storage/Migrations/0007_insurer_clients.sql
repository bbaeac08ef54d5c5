-- Insurers that hand in their changes over the wire, and what was accepted of them.
-- Runs as eg_owner, with search_path = eligibility.

-- client_id is the first 16 bytes of the SHA-256 of the client certificate; insurers are the numbers that the certificate names.
CREATE TABLE insurer_client (
    client_id   uuid        PRIMARY KEY,
    insurers    text[]      NOT NULL CHECK (cardinality(insurers) > 0),
    admitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at  timestamptz
);

-- What was accepted under the sender's own id; a delivery that was rejected leaves no row. The receipt, a DeliveryReceipt, is given out
-- again to who sends the same once more.
CREATE TABLE insurer_delivery (
    client_id   uuid   NOT NULL REFERENCES insurer_client,
    delivery_id uuid   NOT NULL,
    batch_id    bigint NOT NULL UNIQUE REFERENCES insurer_batch,
    receipt     bytea  NOT NULL,
    PRIMARY KEY (client_id, delivery_id)
);

-- Lets a client in. Admitting a revoked one again does not let it back in.
CREATE FUNCTION admit_insurer_client(new_id uuid, new_insurers text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    INSERT INTO insurer_client (client_id, insurers) VALUES (new_id, new_insurers) ON CONFLICT (client_id) DO NOTHING
$$;

-- Shuts a client out for good.
CREATE FUNCTION revoke_insurer_client(old_id uuid, at_time timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    UPDATE insurer_client SET revoked_at = at_time WHERE client_id = old_id AND revoked_at IS NULL;
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION admit_insurer_client(uuid, text[]), revoke_insurer_client(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit_insurer_client(uuid, text[]), revoke_insurer_client(uuid, timestamptz) TO eg_operator;
GRANT SELECT ON insurer_client TO eg_operator, eg_insurer_feed;
GRANT SELECT, INSERT ON insurer_delivery TO eg_insurer_feed;
