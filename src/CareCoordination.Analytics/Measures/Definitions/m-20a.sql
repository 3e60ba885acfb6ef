-- id: m-20a
-- name: AdherenceRasa
-- title: Adherence to medicines of the renin-angiotensin system
-- description: Of adults with fills of medicines of the renin-angiotensin system on at least two days of the period, the first of which lies at least 91 days before its end, those who had medicine on at least 80 % of the days from the first fill to the end of the period or their death. A fill of the same medicine that comes early begins when the one before ends; of different ones a day counts once. Left out: hospice, kidney failure, fills of sacubitril with valsartan. Days in hospital are not taken out. Fills are those of MedicationDispense.
-- version: 1.0.0
-- effective: 2020-01-01..
-- source: PQA, Proportion of Days Covered, https://www.pqaalliance.org/medication-adherence
-- gaps: yes
WITH filled AS (SELECT * FROM fill_in_set WHERE set_name = 'rasa' AND fill_day BETWEEN $start::DATE AND $end::DATE),
treated AS (
    SELECT f.person_id, min(f.fill_day) AS from_day, min(least($end::DATE, coalesce(p.deceased_at_day, $end::DATE))) AS to_day
    FROM filled f JOIN patient p ON p.id = f.person_id WHERE age_on(p.birth_date_day, $start::DATE) >= 18
    GROUP BY 1 HAVING count(DISTINCT f.fill_day) >= 2
),
summed AS (
    SELECT *, sum(supply) OVER (PARTITION BY person_id, medicine ORDER BY fill_day, dispense_id ROWS UNBOUNDED PRECEDING) AS supplied FROM filled
),
shifted AS (
    SELECT person_id, supply, (DATE '2000-01-01' + (supplied + max((fill_day - DATE '2000-01-01') - (supplied - supply))
        OVER (PARTITION BY person_id, medicine ORDER BY fill_day, dispense_id ROWS UNBOUNDED PRECEDING) - 1)::INTEGER) AS last_day
    FROM summed
),
covered AS (
    SELECT t.person_id, greatest(s.last_day - s.supply + 1, t.from_day) AS from_day, least(s.last_day, t.to_day) AS to_day
    FROM treated t JOIN shifted s ON s.person_id = t.person_id WHERE s.last_day - s.supply + 1 <= t.to_day
),
apart AS (
    SELECT *, coalesce(max(to_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '1900-01-01') AS before FROM covered
),
days AS (SELECT person_id, sum(greatest(0, to_day - greatest(from_day, before + 1) + 1)) AS covered FROM apart GROUP BY 1),
out AS (
    SELECT person_id FROM condition_in_set WHERE set_name = 'esrd' AND coalesce(from_day, DATE '1900-01-01') <= $end::DATE AND coalesce(to_day, DATE '9999-12-31') >= $start::DATE
    UNION SELECT person_id FROM fill_in_set WHERE set_name IN ('esrd', 'sacubitril-valsartan') AND fill_day BETWEEN $start::DATE AND $end::DATE
    UNION SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice'
)
SELECT t.person_id AS event_id, t.person_id AS patient_id, t.from_day AS day, t.person_id IN (SELECT person_id FROM out) AS excluded,
    d.covered >= 0.8 * (t.to_day - t.from_day + 1) AS numerator, d.covered * 1.0 / (t.to_day - t.from_day + 1) AS value, NULL AS weight,
    p.general_practitioner_id AS practitioner_id, p.managing_org_id AS organization_id, NULL AS programme
FROM treated t JOIN days d ON d.person_id = t.person_id JOIN patient p ON p.id = t.person_id
WHERE t.to_day - t.from_day + 1 >= 91
