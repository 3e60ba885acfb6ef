-- id: m-17b
-- name: Caseload
-- title: Patients of a care manager
-- description: How many patients each care manager had at the end of the last day of the period, on average: enrolled patients over care managers. In the numerator are the patients of those who had more than 170.
-- version: 1.0.1
-- effective: 2020-01-01..
-- scoring: ratio
-- improvement: decrease
-- unit: {patients}
WITH enrolled AS (
    SELECT DISTINCT person_id, arg_max_null(patient_id, (from_day, episode_id)) AS patient_id, care_manager_id, arg_max_null(managing_org_id, (from_day, episode_id)) AS managing_org_id,
        arg_max_null(program, (from_day, episode_id)) AS program
    FROM enrolment WHERE care_manager_id IS NOT NULL AND from_day <= $end::DATE AND coalesce(to_day, DATE '9999-12-31') > $end::DATE GROUP BY person_id, care_manager_id
),
load AS (SELECT care_manager_id, count(*) AS patients FROM enrolled GROUP BY 1)
SELECT e.care_manager_id || '/' || e.person_id AS event_id, e.patient_id, $end::DATE AS day, false AS excluded, l.patients > 170 AS numerator,
    1 AS value, 1.0 / l.patients AS weight, e.care_manager_id AS practitioner_id, e.managing_org_id AS organization_id, e.program AS programme
FROM enrolled e JOIN load l ON l.care_manager_id = e.care_manager_id
