-- When a terminal's certificate ends, so that it is replaced before; and to let a revoked client in again is told to have failed.
-- Runs as eg_owner, with search_path = eligibility.

-- Null for a terminal that was registered before this was kept, until it connects.
ALTER TABLE terminal ADD COLUMN certificate_ends timestamptz;

DROP FUNCTION register_terminal(uuid, text, smallint, text);

-- Lets a terminal in. One that was revoked stays out: when it was is returned, null where the terminal is in.
CREATE FUNCTION register_terminal(new_id uuid, new_institution text, new_role smallint, new_name text, new_ends timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO terminal (terminal_id, institution_code, role, name, certificate_ends) VALUES (new_id, new_institution, new_role, new_name, new_ends)
    ON CONFLICT (terminal_id) DO NOTHING;
    RETURN (SELECT revoked_at FROM terminal WHERE terminal_id = new_id);
END $$;

-- Keeps when the certificate ends, of a terminal of which that is not known. A certificate's end does not change, so nothing else may.
CREATE FUNCTION note_certificate_end(of_terminal uuid, ends timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    UPDATE terminal SET certificate_ends = ends WHERE terminal_id = of_terminal AND certificate_ends IS NULL
$$;

DROP FUNCTION admit_insurer_client(uuid, text[]);

-- Lets a client in. One that was revoked stays out: when it was is returned, null where the client is in.
CREATE FUNCTION admit_insurer_client(new_id uuid, new_insurers text[]) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
BEGIN
    INSERT INTO insurer_client (client_id, insurers) VALUES (new_id, new_insurers) ON CONFLICT (client_id) DO NOTHING;
    RETURN (SELECT revoked_at FROM insurer_client WHERE client_id = new_id);
END $$;

REVOKE ALL ON FUNCTION register_terminal(uuid, text, smallint, text, timestamptz), note_certificate_end(uuid, timestamptz), admit_insurer_client(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register_terminal(uuid, text, smallint, text, timestamptz), admit_insurer_client(uuid, text[]) TO eg_operator;
GRANT EXECUTE ON FUNCTION note_certificate_end(uuid, timestamptz) TO eg_gateway;
