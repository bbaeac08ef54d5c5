-- As before, and a card that ends by itself before its certificate does counts to its own last day, in Japan.
-- Runs as eg_owner, with search_path = eligibility.
CREATE OR REPLACE FUNCTION cards_of_insured(of_insurer text, on_day date) RETURNS TABLE (person_id bigint, registered boolean, registered_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = eligibility, pg_temp AS $$
    SELECT k.person_id, bool_or(s.registered),
           max(least(f.not_after, (s.until_day + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' - interval '1 second')) FILTER (WHERE s.registered)
    FROM (SELECT DISTINCT c.person_id
            FROM (SELECT DISTINCT ON (coverage_id) * FROM coverage ORDER BY coverage_id, revision DESC) c
           WHERE c.insurer_number = of_insurer AND NOT c.withdrawn AND c.acquired_on <= on_day AND (c.lost_on IS NULL OR on_day < c.lost_on)) insured
    JOIN card k USING (person_id)
    JOIN card_certificate f ON f.card_key = k.card_key AND f.carrier = 1
    JOIN LATERAL (SELECT l.status, l.registered, l.until_day FROM card_state l WHERE l.card_key = k.card_key ORDER BY l.revision DESC LIMIT 1) s ON s.status = 1
    GROUP BY k.person_id
$$;
