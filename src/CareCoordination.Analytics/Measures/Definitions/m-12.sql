-- id: m-12
-- name: PlanTimeliness
-- title: Care plan within fourteen days of enrolment
-- description: Of enrolments that began in the period, those whose patient had a plan that began by the fourteenth day after, is or was active, and had not ended before the enrolment. Left out: who was disenrolled by then.
-- version: 1.0.0
-- effective: 2020-01-01..
-- gaps: yes
WITH planned AS (
    SELECT n.episode_id FROM enrolment n JOIN person w ON w.person_id = n.person_id JOIN care_plan p ON p.patient_id = w.patient_id
    WHERE p.period_start_day <= n.from_day + 14
        AND (p.status IN ('active', 'on-hold') OR p.status = 'completed' AND coalesce(p.period_end_day, p.last_updated_day) >= n.from_day)
)
SELECT n.episode_id AS event_id, n.patient_id, n.from_day AS day, coalesce(n.to_day <= n.from_day + 14, false) AS excluded,
    n.episode_id IN (SELECT episode_id FROM planned) AS numerator,
    NULL AS value, NULL AS weight, n.care_manager_id AS practitioner_id, n.managing_org_id AS organization_id, n.program AS programme
FROM enrolment n WHERE n.from_day BETWEEN $start::DATE AND $end::DATE
