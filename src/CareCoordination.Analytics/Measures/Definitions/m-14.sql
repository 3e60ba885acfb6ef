-- id: m-14
-- name: GoalAchievement
-- title: Goals achieved by their due date
-- description: Of goals that were due in the period, those that were achieved or sustained by the day on which they were due, and are still.
-- version: 1.0.0
-- effective: 2020-01-01..
-- gaps: yes
SELECT g.id AS event_id, g.patient_id, t.due AS day, false AS excluded,
    g.achievement_code IN ('achieved', 'sustaining') AND coalesce(g.status_date_day <= t.due, EXISTS (
        SELECT 1 FROM goal_event e
        WHERE e.goal_id = g.id AND e.achievement IN ('achieved', 'sustaining') AND e.happened_day <= t.due
    )) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM goal g JOIN (SELECT goal_id, min(due_date_day) AS due FROM goal_target GROUP BY 1) t ON t.goal_id = g.id
WHERE g.lifecycle_status NOT IN ('proposed', 'planned', 'rejected', 'cancelled') AND t.due BETWEEN $start AND $end
