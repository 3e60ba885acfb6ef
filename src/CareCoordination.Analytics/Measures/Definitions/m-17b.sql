-- id: m-17b
-- name: Caseload
-- title: Patients of a care manager
-- description: How many patients each care manager had at the end of the last day of the period, on average: enrolled patients over care managers. A person and their roles are one. In the numerator are the patients of those who had more than 170.
-- version: 1.1.0
-- effective: 2020-01-01..
-- scoring: ratio
-- improvement: decrease
-- unit: {patients}
WITH held AS (
    SELECT n.*, coalesce(c.manager, e.care_manager_type || '/' || e.care_manager_id) AS manager
    FROM enrolment n JOIN episode_of_care e ON e.id = n.episode_id LEFT JOIN care_worker c ON c.name = e.care_manager_type || '/' || e.care_manager_id
    WHERE n.care_manager_id IS NOT NULL AND n.from_day <= $end::DATE AND coalesce(n.to_day, DATE '9999-12-31') > $end::DATE
),
enrolled AS (
    SELECT person_id, manager, arg_max_null(patient_id, (from_day, episode_id)) AS patient_id, arg_max_null(care_manager_id, (from_day, episode_id)) AS care_manager_id,
        arg_max_null(managing_org_id, (from_day, episode_id)) AS managing_org_id, arg_max_null(program, (from_day, episode_id)) AS program
    FROM held GROUP BY person_id, manager
),
load AS (SELECT manager, count(*) AS patients FROM enrolled GROUP BY 1)
SELECT e.manager || '/' || e.person_id AS event_id, e.patient_id, $end::DATE AS day, false AS excluded, l.patients > 170 AS numerator,
    1 AS value, 1.0 / l.patients AS weight, e.care_manager_id AS practitioner_id, e.managing_org_id AS organization_id, e.program AS programme
FROM enrolled e JOIN load l ON l.manager = e.manager
