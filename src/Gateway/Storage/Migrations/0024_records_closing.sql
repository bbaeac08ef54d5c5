-- The release before writes records itself; this one has functions for it (0023).
-- Runs as eg_owner, with search_path = eligibility, once no gateway of the release before serves any more.

REVOKE INSERT ON access_record, access_queue, event_answer FROM eg_gateway;
REVOKE EXECUTE ON FUNCTION register_card(uuid, timestamptz), try_document(uuid, boolean) FROM eg_gateway;
