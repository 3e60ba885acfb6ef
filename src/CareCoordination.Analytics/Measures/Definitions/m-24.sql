-- id: m-24
-- name: PatientExperience
-- title: Patients who give the best rating
-- description: Of answers to questionnaires about the experience of care that were finished in the period, those with a best rating: nine or ten of ten, or always. Which questionnaires these are is in the set experience.
-- version: 1.0.0
-- effective: 2020-01-01..
WITH answer AS (
    SELECT q.questionnaire_response_id AS response_id, q.patient_id, q.authored_day AS day, q.value_integer AS rating, q.value_code, q.source_type
    FROM questionnaire_response_item q JOIN code_set s ON s.name = 'experience' AND s.code = list_last(string_split(split_part(q.questionnaire, '|', 1), '/'))
    WHERE q.status IN ('completed', 'amended') AND q.authored_day BETWEEN $start::DATE AND $end::DATE
)
SELECT response_id AS event_id, any_value(patient_id) AS patient_id, any_value(day) AS day, NOT coalesce(bool_or(coalesce(rating BETWEEN 0 AND 10, false) OR value_code IS NOT NULL), false) AS excluded,
    coalesce(bool_or(coalesce(rating BETWEEN 9 AND 10, false) OR coalesce(value_code IN (SELECT code FROM code_set WHERE name = 'top-box'), false)), false) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM answer GROUP BY 1
