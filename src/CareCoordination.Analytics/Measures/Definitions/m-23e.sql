-- id: m-23e
-- name: BedDaysBefore
-- title: Days in hospital per 1000 member-months before enrolment
-- description: Of first enrolments that began in the period, and of which at least three months are known: how many days in hospital the six months before it had, for each thousand months of a member. Days count where they lie, those from the enrolment on after it; the day of a discharge is none, but for a stay of a day. The months before count where this server may not have been told of all that happened in them.
-- version: 1.1.0
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
    SELECT person_id, sum(greatest(0, last_day - first_day + 1)) AS used
    FROM (
        SELECT n.person_id, greatest(s.admit_day, (n.from_day - INTERVAL 6 MONTH)::DATE) AS first_day, least(greatest(s.admit_day, s.end_day - 1), n.from_day - 1) AS last_day
        FROM n JOIN stays(['IMP', 'ACUTE'], 1) s ON s.person_id = n.person_id
    ) GROUP BY 1
)
SELECT n.episode_id AS event_id, n.patient_id, n.from_day AS day, n.to_day + 1 < (n.from_day + INTERVAL 3 MONTH)::DATE AS excluded, coalesce(u.used, 0) > 0 AS numerator,
    coalesce(u.used, 0) * 1000.0 AS value, 6 AS weight, n.care_manager_id AS practitioner_id, n.managing_org_id AS organization_id, n.program AS programme
FROM n LEFT JOIN used u ON u.person_id = n.person_id
