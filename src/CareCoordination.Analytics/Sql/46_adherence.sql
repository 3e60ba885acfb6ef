-- Adults with fills of a class of medicines on at least two days of a period: of the days from the first fill to the end of the period or their
-- death, those that were covered. A fill of the same medicine that comes early begins when the one before ends; of different ones a day counts
-- once. Left out are hospice, kidney failure, and fills of the classes that are named.
CREATE MACRO adherence(medicine_class, left_out, first_day, last_day) AS TABLE
WITH filled AS (SELECT * FROM fill_in_set WHERE set_name = medicine_class AND fill_day BETWEEN first_day AND last_day),
treated AS (
    SELECT f.person_id, min(f.fill_day) AS from_day, min(least(last_day, coalesce(p.deceased_at_day, last_day))) AS to_day
    FROM filled f JOIN patient p ON p.id = f.person_id WHERE age_on(p.birth_date_day, first_day) >= 18
    GROUP BY 1 HAVING count(DISTINCT f.fill_day) >= 2
),
summed AS (
    SELECT *, sum(supply) OVER (PARTITION BY person_id, medicine ORDER BY fill_day, dispense_id ROWS UNBOUNDED PRECEDING) AS supplied FROM filled
),
shifted AS (
    SELECT person_id, supply, (DATE '2000-01-01' + (supplied + max((fill_day - DATE '2000-01-01') - (supplied - supply))
        OVER (PARTITION BY person_id, medicine ORDER BY fill_day, dispense_id ROWS UNBOUNDED PRECEDING) - 1)::INTEGER) AS last_covered
    FROM summed
),
covered AS (
    SELECT t.person_id, greatest(s.last_covered - s.supply + 1, t.from_day) AS from_day, least(s.last_covered, t.to_day) AS to_day
    FROM treated t JOIN shifted s ON s.person_id = t.person_id WHERE s.last_covered - s.supply + 1 <= t.to_day
),
apart AS (
    SELECT *, coalesce(max(to_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '1900-01-01') AS before FROM covered
),
days AS (SELECT person_id, sum(greatest(0, to_day - greatest(from_day, before + 1) + 1)) AS covered FROM apart GROUP BY 1),
out AS (
    SELECT person_id FROM condition_in_set WHERE set_name = 'esrd' AND coalesce(from_day, DATE '1900-01-01') <= last_day AND coalesce(to_day, DATE '9999-12-31') >= first_day
    UNION SELECT person_id FROM fill_in_set WHERE list_contains(left_out, set_name) AND fill_day BETWEEN first_day AND last_day
    UNION SELECT person_id FROM in_hospice(first_day, last_day) WHERE kind = 'hospice'
)
SELECT t.person_id, t.from_day, t.to_day, t.to_day - t.from_day + 1 AS days, d.covered, t.person_id IN (SELECT person_id FROM out) AS excluded
FROM treated t JOIN days d ON d.person_id = t.person_id;
