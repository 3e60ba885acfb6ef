-- Full years from a day to another. Whoever was born on 29 February is a year older on 1 March.
CREATE MACRO age_on(born, today) AS
    date_diff('year', born, today) - CASE WHEN (month(born), day(born)) > (month(today), day(today)) THEN 1 ELSE 0 END;
-- Whole days of a supply, of which a begun one is none. Units are those of UCUM, or their English words; what has none is days. Nothing lasts
-- longer than a hundred years: who writes a larger number has made a mistake, and no measure of others fails by it.
CREATE MACRO supply_days(amount, unit) AS
    greatest(0, least(36525, floor(CASE WHEN lower(unit) IN ('h', 'hour', 'hours') THEN amount::DOUBLE / 24 WHEN lower(unit) IN ('wk', 'week', 'weeks') THEN amount::DOUBLE * 7
        WHEN lower(unit) IN ('mo', 'month', 'months') THEN amount::DOUBLE * 30 WHEN lower(unit) IN ('a', 'year', 'years') THEN amount::DOUBLE * 365 ELSE amount::DOUBLE END)))::INTEGER;
