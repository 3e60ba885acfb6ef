-- id: m-14b
-- name: GoalNotAttainable
-- title: Goals that turned out to be not attainable
-- description: Of goals that were due in the period, those that were judged not attainable.
-- version: 1.0.0
-- effective: 2020-01-01..
-- improvement: decrease
SELECT g.id AS event_id, g.patient_id, t.due AS day, false AS excluded, coalesce(g.achievement_code = 'not-attainable', false) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM goal g JOIN (SELECT goal_id, min(due_date_day) AS due FROM goal_target GROUP BY 1) t ON t.goal_id = g.id
WHERE g.lifecycle_status NOT IN ('proposed', 'planned', 'rejected', 'cancelled') AND t.due BETWEEN $start::DATE AND $end::DATE
