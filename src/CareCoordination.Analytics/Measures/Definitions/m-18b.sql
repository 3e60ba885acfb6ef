-- id: m-18b
-- name: SocialNeedFound
-- title: Screenings that found a social need
-- description: Of screenings for social needs that were finished in the period and not declined, those of a patient of whom a need was told on that day or the seven days after.
-- version: 1.0.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- improvement: decrease
WITH answer AS (
    SELECT DISTINCT coalesce(w.person_id, q.patient_id) AS person_id, q.questionnaire_response_id AS response_id, q.authored_day AS day, q.value_code
    FROM questionnaire_response_item q JOIN code_set s ON s.name = 'social-screen' AND s.code = list_last(string_split(split_part(q.questionnaire, '|', 1), '/'))
        LEFT JOIN person w ON w.patient_id = q.patient_id
    WHERE q.status IN ('completed', 'amended')
),
screen AS (
    SELECT person_id, response_id, day, bool_or(value_code IS NULL OR value_code NOT IN (SELECT code FROM code_set WHERE name = 'declined')) AS was_answered
    FROM answer GROUP BY ALL
),
found AS (
    SELECT s.response_id FROM screen s JOIN person w ON w.person_id = s.person_id JOIN "condition" c ON c.patient_id = w.patient_id
    WHERE c.id IN (SELECT condition_id FROM condition_domain) AND c.verification_status IS DISTINCT FROM 'refuted' AND coalesce(c.recorded_date_day, c.onset_day) BETWEEN s.day AND s.day + 7
)
SELECT s.response_id AS event_id, s.person_id AS patient_id, s.day, NOT s.was_answered AS excluded, s.response_id IN (SELECT response_id FROM found) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM screen s WHERE s.day BETWEEN $start::DATE AND $end::DATE
