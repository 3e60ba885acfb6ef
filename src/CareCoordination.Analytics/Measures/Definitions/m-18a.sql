-- id: m-18a
-- name: SocialScreening
-- title: Screened for social needs
-- description: Of adults who were enrolled for at least thirty days of the period, those with a finished screening for social needs (AHC HRSN or PRAPARE) in it. Left out: who declined every question.
-- version: 1.0.1
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- gaps: yes
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
adult AS (
    SELECT n.person_id, arg_max_null(n.patient_id, (n.from_day, n.episode_id)) AS patient_id, min(greatest(n.from_day, $start::DATE)) AS day,
        arg_max_null(n.care_manager_id, (n.from_day, n.episode_id)) AS care_manager_id, arg_max_null(n.managing_org_id, (n.from_day, n.episode_id)) AS managing_org_id, arg_max_null(n.program, (n.from_day, n.episode_id)) AS program
    FROM enrolment n JOIN patient p ON p.id = n.person_id
    WHERE age_on(p.birth_date_day, $end::DATE) >= 18
        AND least(coalesce(n.to_day, $end::DATE), $end::DATE) - greatest(n.from_day, $start::DATE) + 1 >= 30
    GROUP BY 1
),
screened AS (SELECT person_id, bool_or(was_answered) AS was_answered FROM screen WHERE day BETWEEN $start::DATE AND $end::DATE GROUP BY 1)
SELECT a.person_id AS event_id, a.patient_id, a.day, coalesce(NOT s.was_answered, false) AS excluded, coalesce(s.was_answered, false) AS numerator,
    NULL AS value, NULL AS weight, a.care_manager_id AS practitioner_id, a.managing_org_id AS organization_id, a.program AS programme
FROM adult a LEFT JOIN screened s ON s.person_id = a.person_id
