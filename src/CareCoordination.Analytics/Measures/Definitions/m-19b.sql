-- id: m-19b
-- name: PoorGlycemicControl
-- title: Glycemic status over nine per cent
-- description: Of patients of 18 to 75 years with diabetes in the period, those whose lowest HbA1c or glucose management indicator was over nine per cent on the last day of the period on which one was taken, has no result, or was not taken at all. A result that is no number is none over nine. Less is better. Left out: hospice and palliative care, and from 66 on nursing homes and frailty with advanced illness. A visit is not asked for.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS122, Diabetes: Glycemic Status Assessment Greater Than 9%, https://ecqi.healthit.gov/ecqm/ec/2026/cms0122v14
-- improvement: decrease
-- gaps: yes
WITH test_day AS (
    SELECT person_id, until_day AS day, min(value_quantity) AS value, bool_or(has_value) AS has_value FROM observation_in_set
    WHERE set_name = 'glycemic' AND until_day BETWEEN $start::DATE AND $end::DATE GROUP BY 1, 2
),
last_test AS (SELECT person_id, max(day) AS day FROM test_day GROUP BY 1),
ill AS (
    SELECT DISTINCT person_id FROM condition_in_set
    WHERE set_name = 'diabetes' AND coalesce(from_day, DATE '1900-01-01') <= $end::DATE AND coalesce(to_day, DATE '9999-12-31') >= $start::DATE
),
out AS (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) UNION SELECT person_id FROM too_frail($start::DATE, $end::DATE))
SELECT p.id AS event_id, p.id AS patient_id, $end::DATE AS day, p.id IN (SELECT person_id FROM out) AS excluded,
    coalesce(t.value > 9, NOT t.has_value, true) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(p.general_practitioner_type, p.general_practitioner_id) AS practitioner_id, p.managing_org_id AS organization_id, NULL AS programme
FROM patient p JOIN ill i ON i.person_id = p.id LEFT JOIN last_test l ON l.person_id = p.id LEFT JOIN test_day t ON t.person_id = l.person_id AND t.day = l.day
WHERE age_on(p.birth_date_day, $end::DATE) BETWEEN 18 AND 75
