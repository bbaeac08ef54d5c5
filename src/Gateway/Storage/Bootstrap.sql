-- Run once by a superuser, connected to the database that is to hold the gateway's schema. Passwords are set apart from this file.
-- Serving, feeds, operation and migrations have roles of their own; none of them is a superuser or may change to another.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['eg_owner', 'eg_gateway', 'eg_insurer_feed', 'eg_card_office', 'eg_operator', 'eg_expenses', 'eg_history', 'eg_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS', name);
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS eligibility AUTHORIZATION eg_owner;

-- Nobody else gets into the database, and who serves makes no temporary tables in it.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO eg_owner, eg_gateway, eg_insurer_feed, eg_card_office, eg_operator, eg_expenses, eg_history, eg_auditor', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO eg_owner, eg_insurer_feed, eg_card_office', current_database());
END $$;

-- Large objects have no place here: any role could fill the disk with them, outside every table and its rights.
DO $$
DECLARE
    called regprocedure;
BEGIN
    FOR called IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname LIKE 'lo\_%' OR proname IN ('loread', 'lowrite')) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
    END LOOP;
END $$;
