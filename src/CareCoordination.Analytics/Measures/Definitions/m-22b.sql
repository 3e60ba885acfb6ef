-- id: m-22b
-- name: Unreachable
-- title: Patients who could not be reached
-- description: Of patients with contacts or calls that were due in the period, those with at least three attempts for them that reached nobody. A task that failed counts as one where none is documented.
-- version: 1.1.0
-- effective: 2020-01-01..
-- improvement: decrease
WITH due AS (
    SELECT t.id, t.patient_id, coalesce(w.person_id, t.patient_id) AS person_id, t.due_day, practitioner_of(t.owner_type, t.owner_id) AS owner_id,
        greatest(coalesce(t.contact_attempt_count, 0), CASE WHEN t.status = 'failed' THEN 1 ELSE 0 END) AS attempts
    FROM task t JOIN code_set s ON s.name = 'contact-task' AND s.system = t.code_system AND s.code = t.code_code LEFT JOIN person w ON w.patient_id = t.patient_id
    WHERE t.due_day BETWEEN $start::DATE AND $end::DATE AND t.status NOT IN ('draft', 'cancelled', 'rejected')
)
SELECT person_id AS event_id, person_id AS patient_id, max(due_day) AS day, false AS excluded, sum(attempts) >= 3 AS numerator,
    sum(attempts) AS value, NULL AS weight, arg_max_null(owner_id, (due_day, id)) AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM due WHERE person_id IS NOT NULL GROUP BY person_id
