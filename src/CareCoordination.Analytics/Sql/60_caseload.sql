-- From when to when a care manager had a patient, by the versions of episodes: an episode that is active and names them. Several episodes of
-- a patient with one manager are one period while they overlap. A period that goes on has no end.
CREATE VIEW caseload_period AS
WITH named AS (
    SELECT regexp_extract(care_manager, '^(Practitioner|PractitionerRole)/[^/]+') AS name, patient_id, organization_id, _at AS from_at, _until AS until_at
    FROM episode_version WHERE status = 'active' AND patient_id IS NOT NULL
),
held AS (
    SELECT coalesce(w.manager, n.name) AS manager, n.patient_id, n.from_at, coalesce(n.until_at, TIMESTAMPTZ '9999-12-31 00:00:00+00') AS until_at
    FROM named n LEFT JOIN care_worker w ON w.name = n.name WHERE n.name <> '' AND n.until_at IS DISTINCT FROM n.from_at
),
marked AS (
    SELECT *, from_at > max(until_at) OVER (PARTITION BY manager, patient_id ORDER BY from_at, until_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_new FROM held
),
numbered AS (
    SELECT *, count(*) FILTER (is_new) OVER (PARTITION BY manager, patient_id ORDER BY from_at, until_at ROWS UNBOUNDED PRECEDING) AS number FROM marked
),
period AS (
    SELECT manager, patient_id, min(from_at) AS from_at, nullif(max(until_at), TIMESTAMPTZ '9999-12-31 00:00:00+00') AS until_at
    FROM numbered GROUP BY manager, patient_id, number
),
zoned AS (SELECT p.*, coalesce(z.zone, d.zone) AS zone FROM period p LEFT JOIN worker_policy z ON z.manager = p.manager CROSS JOIN (SELECT zone FROM mirror_policy WHERE policy_id = '') d)
SELECT p.manager, CASE WHEN starts_with(p.manager, 'Practitioner/') THEN split_part(p.manager, '/', 2) END AS practitioner_id, p.patient_id,
    coalesce(w.person_id, p.patient_id) AS person_id, p.from_at, f.day AS from_day, p.until_at, CASE WHEN p.until_at IS NOT NULL THEN u.day END AS until_day, p.zone
FROM zoned p ASOF JOIN mirror_zone_day f ON f.zone = p.zone AND p.from_at >= f.starts ASOF LEFT JOIN mirror_zone_day u ON u.zone = p.zone AND p.until_at >= u.starts
    LEFT JOIN person w ON w.patient_id = p.patient_id;

-- Which risk tier each patient had, from one instant to the next: that of the assessment that is about the latest time, of those that counted then.
CREATE VIEW risk_since AS
WITH assessed AS (
    SELECT r.patient_id, r.status, r.tier, r._at AS from_at, coalesce(r._until, TIMESTAMPTZ '9999-12-31 00:00:00+00') AS until_at, min(r._sequence) OVER (PARTITION BY r._resource) AS made,
        CASE WHEN r.occurrence IS NULL THEN r._at WHEN contains(r.occurrence, 'T') THEN r.occurrence_at ELSE e.last END AS about
    FROM risk_version r LEFT JOIN mirror_zone_day e ON e.zone = (SELECT zone FROM mirror_policy WHERE policy_id = '')
        AND e.day = CASE length(r.occurrence) WHEN 4 THEN make_date(year(r.occurrence_day), 12, 31) WHEN 7 THEN last_day(r.occurrence_day) ELSE r.occurrence_day END
),
counted AS (SELECT * FROM assessed WHERE status IN ('final', 'amended', 'corrected') AND tier IS NOT NULL AND patient_id IS NOT NULL),
moment AS (SELECT patient_id, from_at AS instant FROM counted UNION SELECT patient_id, until_at FROM counted)
SELECT m.patient_id, m.instant AS from_at, arg_max(c.tier, (coalesce(c.about, c.from_at), c.made)) AS tier
FROM moment m LEFT JOIN counted c ON c.patient_id = m.patient_id AND c.from_at <= m.instant AND c.until_at > m.instant
GROUP BY 1, 2;

-- Whether each patient was in a transition of care, from one instant to the next: an active plan that is part of another one says so.
CREATE VIEW in_transition_since AS
WITH plan AS (SELECT patient_id, _at AS from_at, coalesce(_until, TIMESTAMPTZ '9999-12-31 00:00:00+00') AS until_at FROM plan_version WHERE status = 'active' AND is_part AND patient_id IS NOT NULL),
moment AS (SELECT patient_id, from_at AS instant FROM plan UNION SELECT patient_id, until_at FROM plan)
SELECT m.patient_id, m.instant AS from_at, count(p.patient_id) > 0 AS in_transition
FROM moment m LEFT JOIN plan p ON p.patient_id = m.patient_id AND p.from_at <= m.instant AND p.until_at > m.instant
GROUP BY 1, 2;

-- What workers had to do, from when to when, by the versions of tasks; and from when on it was overdue. A day by which something is due is over
-- when it is over in the zones of all organisations.
CREATE VIEW workload_period AS
WITH owned AS (
    SELECT regexp_extract(owner, '^(Practitioner|PractitionerRole)/[^/]+') AS name, _resource AS task_id, patient_id, status = 'on-hold' AS is_held, _at AS from_at, _until AS until_at,
        due, due_at, CASE length(due) WHEN 4 THEN make_date(year(due_day), 12, 31) WHEN 7 THEN last_day(due_day) ELSE due_day END AS last_day
    FROM task_version WHERE status IN ('requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold')
),
latest AS (SELECT day, max(last) AS last FROM mirror_zone_day GROUP BY 1)
SELECT coalesce(w.manager, o.name) AS manager, o.task_id, o.patient_id, o.is_held, o.from_at, o.until_at,
    CASE WHEN contains(o.due, 'T') THEN o.due_at ELSE l.last END AS due_at
FROM owned o LEFT JOIN care_worker w ON w.name = o.name LEFT JOIN latest l ON l.day = o.last_day WHERE o.name <> '';

-- Each care manager and day, from the first day on which they had a patient or something to do: how the caseload stood when the day ended in the
-- zone of the organisation that they work for, or now where it has not. As it was known then: what was told later changes later days alone.
CREATE MACRO caseload_until(told_at) AS TABLE
WITH common AS (SELECT policy_id, zone FROM mirror_policy WHERE policy_id = ''),
period AS MATERIALIZED (
    SELECT manager, patient_id, zone, from_at, from_day, CASE WHEN until_at <= told_at THEN until_at END AS until_at, CASE WHEN until_at <= told_at THEN until_day END AS until_day
    FROM caseload_period WHERE from_at <= told_at
),
moment AS (
    SELECT manager, patient_id, zone, from_at AS instant FROM period
    UNION SELECT manager, patient_id, zone, until_at FROM period WHERE until_at IS NOT NULL
    UNION SELECT p.manager, p.patient_id, p.zone, r.from_at FROM period p JOIN risk_since r ON r.patient_id = p.patient_id
        AND r.from_at > p.from_at AND r.from_at <= told_at AND (p.until_at IS NULL OR r.from_at < p.until_at)
    UNION SELECT p.manager, p.patient_id, p.zone, t.from_at FROM period p JOIN in_transition_since t ON t.patient_id = p.patient_id
        AND t.from_at > p.from_at AND t.from_at <= told_at AND (p.until_at IS NULL OR t.from_at < p.until_at)
),
stood AS (
    SELECT m.manager, m.patient_id, d.day, m.instant, p.until_at IS NULL OR m.instant < p.until_at AS is_held, coalesce(r.tier, 'unknown') AS tier, coalesce(t.in_transition, false) AS in_transition
    FROM moment m ASOF JOIN period p ON p.manager = m.manager AND p.patient_id = m.patient_id AND m.instant >= p.from_at
        ASOF LEFT JOIN risk_since r ON r.patient_id = m.patient_id AND m.instant >= r.from_at
        ASOF LEFT JOIN in_transition_since t ON t.patient_id = m.patient_id AND m.instant >= t.from_at
        ASOF JOIN mirror_zone_day d ON d.zone = m.zone AND m.instant >= d.starts
),
ended AS MATERIALIZED (
    SELECT *, lag(is_held, 1, false) OVER w AS was_held, lag(tier) OVER w AS was_tier, lag(in_transition) OVER w AS was_in_transition
    FROM (SELECT * FROM stood QUALIFY row_number() OVER (PARTITION BY manager, patient_id, day ORDER BY instant DESC) = 1)
    WINDOW w AS (PARTITION BY manager, patient_id ORDER BY day)
),
tier_change AS MATERIALIZED (
    SELECT manager, day, tier, sum(n) AS n, sum(t) AS t FROM (
        SELECT manager, day, tier, 1 AS n, in_transition::INTEGER AS t FROM ended WHERE is_held
        UNION ALL SELECT manager, day, was_tier, -1, -was_in_transition::INTEGER FROM ended WHERE was_held
    ) GROUP BY 1, 2, 3
),
tier_count AS (SELECT manager, day, tier, sum(n) OVER w AS n, sum(t) OVER w AS t FROM tier_change WINDOW w AS (PARTITION BY manager, tier ORDER BY day)),
-- What has no value finds a day in such a join all the same.
work AS MATERIALIZED (
    SELECT w.manager, w.is_held, f.day AS from_day, CASE WHEN w.until_at IS NOT NULL THEN u.day ELSE DATE '9999-12-31' END AS until_day, CASE WHEN w.due_at IS NOT NULL THEN greatest(f.day, o.day) END AS late_day
    FROM (SELECT w.* REPLACE (CASE WHEN w.until_at <= told_at THEN w.until_at END AS until_at, CASE WHEN w.due_at < told_at THEN w.due_at END AS due_at), coalesce(z.zone, c.zone) AS zone
          FROM workload_period w LEFT JOIN worker_policy z ON z.manager = w.manager CROSS JOIN common c WHERE w.from_at <= told_at) w
        ASOF JOIN mirror_zone_day f ON f.zone = w.zone AND w.from_at >= f.starts
        ASOF LEFT JOIN mirror_zone_day u ON u.zone = w.zone AND w.until_at >= u.starts
        ASOF LEFT JOIN mirror_zone_day o ON o.zone = w.zone AND w.due_at < o.last
),
work_change AS (
    SELECT manager, day, sum(open) AS open, sum(held) AS held, sum(late) AS late FROM (
        SELECT manager, from_day AS day, (NOT is_held)::INTEGER AS open, is_held::INTEGER AS held, 0 AS late FROM work WHERE from_day < until_day
        UNION ALL SELECT manager, until_day, -(NOT is_held)::INTEGER, -is_held::INTEGER, 0 FROM work WHERE from_day < until_day
        UNION ALL SELECT manager, late_day, 0, 0, 1 FROM work WHERE NOT is_held AND late_day < until_day
        UNION ALL SELECT manager, until_day, 0, 0, -1 FROM work WHERE NOT is_held AND late_day < until_day
    ) GROUP BY 1, 2
),
work_count AS (SELECT manager, day, sum(open) OVER w AS open, sum(held) OVER w AS held, sum(late) OVER w AS late FROM work_change WINDOW w AS (PARTITION BY manager ORDER BY day)),
known AS MATERIALIZED (
    SELECT manager, min(day) AS first_day FROM (SELECT manager, day FROM tier_change UNION ALL SELECT manager, from_day FROM period UNION ALL SELECT manager, from_day FROM work) GROUP BY 1
),
grid AS MATERIALIZED (
    SELECT k.manager, d.day, d.last < told_at AS is_over, coalesce(z.policy_id, '') AS policy_id, d.zone
    FROM known k LEFT JOIN worker_policy z ON z.manager = k.manager CROSS JOIN common c
        JOIN mirror_zone_day d ON d.zone = coalesce(z.zone, c.zone) AND d.day >= k.first_day AND d.starts <= told_at
),
moved AS (
    SELECT manager, day, sum(came) AS came, sum(went) AS went FROM (
        SELECT manager, from_day AS day, 1 AS came, 0 AS went FROM period UNION ALL SELECT manager, until_day, 0, 1 FROM period WHERE until_day IS NOT NULL
    ) GROUP BY 1, 2
),
ruled AS MATERIALIZED (SELECT g.*, r.from_day AS rules_from, r.most_patients, r.most_points, r.warn_at, r.transition_points, r.least_points FROM grid g ASOF JOIN mirror_caseload_rule r ON r.policy_id = g.policy_id AND g.day >= r.from_day),
weighed AS (
    SELECT g.manager, g.day, sum(c.n) AS patients, sum(c.n) FILTER (c.tier = 'low') AS low, sum(c.n) FILTER (c.tier = 'moderate') AS moderate, sum(c.n) FILTER (c.tier = 'high') AS high,
        sum(c.t) AS in_transition, sum(c.n * coalesce(p.points, g.least_points) + c.t * g.transition_points) AS points
    FROM (SELECT g.*, t.tier FROM ruled g JOIN (SELECT DISTINCT manager, tier FROM tier_change) t ON t.manager = g.manager) g
        ASOF JOIN tier_count c ON c.manager = g.manager AND c.tier = g.tier AND g.day >= c.day
        LEFT JOIN mirror_tier_points p ON p.policy_id = g.policy_id AND p.from_day = g.rules_from AND p.tier = g.tier
    GROUP BY 1, 2
),
counted AS (
    SELECT g.*, coalesce(w.patients, 0)::INTEGER AS patients, coalesce(w.low, 0)::INTEGER AS low_patients, coalesce(w.moderate, 0)::INTEGER AS moderate_patients, coalesce(w.high, 0)::INTEGER AS high_patients,
        coalesce(w.in_transition, 0)::INTEGER AS transition_patients, coalesce(w.points, 0)::INTEGER AS points, coalesce(m.came, 0)::INTEGER AS came, coalesce(m.went, 0)::INTEGER AS went,
        coalesce(t.open, 0)::INTEGER AS open_tasks, coalesce(t.held, 0)::INTEGER AS held_tasks, coalesce(t.late, 0)::INTEGER AS overdue_tasks
    FROM ruled g LEFT JOIN weighed w ON w.manager = g.manager AND w.day = g.day LEFT JOIN moved m ON m.manager = g.manager AND m.day = g.day
        ASOF LEFT JOIN work_count t ON t.manager = g.manager AND g.day >= t.day
),
used AS (SELECT *, greatest(patients / greatest(1, most_patients), points / greatest(1, most_points)) AS share FROM counted)
SELECT day, manager, CASE WHEN starts_with(manager, 'Practitioner/') THEN split_part(manager, '/', 2) END AS practitioner_id, zone, is_over,
    patients, low_patients, moderate_patients, high_patients, patients - low_patients - moderate_patients - high_patients AS other_patients, transition_patients,
    points, most_patients, most_points, CASE WHEN share > 1 THEN 'over-cap' WHEN share = 1 THEN 'at-cap' WHEN share >= warn_at THEN 'near-cap' ELSE 'below-cap' END AS state,
    came, went, open_tasks, held_tasks, overdue_tasks
FROM used;

-- The same until now.
CREATE VIEW caseload_daily AS SELECT * FROM caseload_until(now());
