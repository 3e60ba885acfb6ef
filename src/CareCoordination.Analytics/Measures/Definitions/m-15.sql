-- id: m-15
-- name: GoalOfThePatient
-- title: Goals that are the patient's own
-- description: Of goals that were written in the period, those that the patient or somebody close to them expressed, or that they have agreed to. A goal that began before it was stored was written when it began.
-- version: 1.0.0
-- effective: 2020-01-01..
-- gaps: yes
WITH written AS (SELECT _resource AS goal_id, min(least(_day, coalesce(start_date_day, _day))) AS day FROM goal_version WHERE _version = 1 GROUP BY 1)
SELECT g.id AS event_id, g.patient_id, w.day, false AS excluded,
    coalesce(g.expressed_by_type IN ('Patient', 'RelatedPerson'), false) OR coalesce(g.acceptance = 'agree', false) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM goal g JOIN written w ON w.goal_id = g.id
WHERE w.day BETWEEN $start::DATE AND $end::DATE
