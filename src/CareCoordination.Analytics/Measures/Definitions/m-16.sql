-- id: m-16
-- name: TaskOnTime
-- title: Tasks completed on time
-- description: Of tasks that were due in the period, those that were completed by then. What was cancelled or rejected is left out.
-- version: 1.1.0
-- effective: 2020-01-01..
SELECT t.id AS event_id, t.patient_id, t.due_day AS day, t.status IN ('cancelled', 'rejected') AS excluded,
    t.status = 'completed' AND CASE WHEN length(t.due) > 10 AND length(t.exec_end) > 10 THEN t.exec_end_at <= t.due_at ELSE t.exec_end_day <= t.due_day END AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(t.owner_type, t.owner_id) AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM task t LEFT JOIN care_plan plan ON plan.id = t.care_plan_id
WHERE t.due_day BETWEEN $start AND $end AND t.intent IN ('order', 'plan') AND t.status <> 'draft'
