-- id: m-23b
-- name: EmergencyAfter
-- title: Emergency visits per 1000 member-months after enrolment
-- description: Of first enrolments that began in the period, and of which at least three months are known: how many emergency visits the six months after it had, for each thousand months of a member. What begins on the day of the enrolment comes after it. A visit that begins before the day on which another ends is part of that. The months before count where this server may not have been told of all that happened in them.
-- version: 1.0.1
-- effective: 2020-01-01..
-- scoring: ratio
-- improvement: decrease
WITH n AS (
    SELECT person_id, arg_min(episode_id, (from_day, episode_id)) AS episode_id, arg_min_null(patient_id, (from_day, episode_id)) AS patient_id, min(from_day) AS from_day,
        least(max(coalesce(to_day, DATE '9999-12-31')), (SELECT day FROM known_until), (min(from_day) + INTERVAL 6 MONTH)::DATE - 1) AS to_day,
        arg_min_null(care_manager_id, (from_day, episode_id)) AS care_manager_id, arg_min_null(managing_org_id, (from_day, episode_id)) AS managing_org_id, arg_min_null(program, (from_day, episode_id)) AS program
    FROM enrolment GROUP BY 1 HAVING min(from_day) BETWEEN $start::DATE AND $end::DATE
),
used AS (
    SELECT n.person_id, sum(1) AS used FROM n JOIN stays(['EMER'], -1) s ON s.person_id = n.person_id
    WHERE s.admit_day BETWEEN n.from_day AND n.to_day GROUP BY 1
)
SELECT n.episode_id AS event_id, n.patient_id, n.from_day AS day, n.to_day + 1 < (n.from_day + INTERVAL 3 MONTH)::DATE AS excluded, coalesce(u.used, 0) > 0 AS numerator,
    coalesce(u.used, 0) * 1000.0 AS value, least(6.0, date_diff('day', n.from_day, n.to_day + 1) / 30.4375) AS weight, n.care_manager_id AS practitioner_id, n.managing_org_id AS organization_id, n.program AS programme
FROM n LEFT JOIN used u ON u.person_id = n.person_id
