-- Who was enrolled, and from when to when: episodes that began.
CREATE VIEW enrolment AS
SELECT e.id AS episode_id, e.patient_id, coalesce(w.person_id, e.patient_id) AS person_id, e.type_code AS program, e.period_start_day AS from_day,
    coalesce(e.period_end_day, CASE WHEN e.status = 'finished' THEN e.last_updated_day END) AS to_day, e.care_manager_id, e.managing_org_id
FROM episode_of_care e LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.status IN ('active', 'onhold', 'finished') AND e.period_start_day IS NOT NULL;

-- The day of the last change that the tables have: of what is to come nothing can be told.
CREATE VIEW known_until AS
SELECT max(c.day) AS day FROM mirror_state s JOIN calendar_day c ON c.starts <= s.as_of;

-- The months of a period, of which something can be told.
CREATE MACRO months_of(first_day, last_day) AS TABLE
SELECT month_start, least((month_start + INTERVAL 1 MONTH)::DATE - 1, last_day) AS month_end
FROM (SELECT unnest(generate_series(date_trunc('month', first_day::DATE), last_day::DATE, INTERVAL 1 MONTH))::DATE AS month_start)
WHERE month_start <= (SELECT day FROM known_until);

-- Which status a plan had, from one day to another. A plan that was stored later than it began has had its first status since it began.
CREATE VIEW plan_status AS
SELECT e.plan_id, coalesce(w.person_id, e.patient_id) AS person_id, e.to_status AS status,
    CASE WHEN e.version = 1 THEN least(e.happened_day, coalesce(p.period_start_day, p.created_day, e.happened_day)) ELSE e.happened_day END AS from_day,
    coalesce(lead(e.happened_day) OVER (PARTITION BY e.plan_id ORDER BY e.version) , DATE '9999-12-31') AS until_day
FROM plan_event e LEFT JOIN care_plan p ON p.id = e.plan_id LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE NOT EXISTS (SELECT 1 FROM plan_version v WHERE v._resource = e.plan_id AND v.status = 'entered-in-error');

-- Minutes of care management, each entry once. Without a period nobody knows of which day they are.
CREATE VIEW time_entry AS
SELECT DISTINCT coalesce(w.person_id, t.patient_id) AS person_id, t.performer_id, t.program, t.starts_day AS day, t.starts_at, t.ends_at, t.minutes
FROM (SELECT * FROM task_time UNION ALL SELECT * FROM encounter_time) t LEFT JOIN person w ON w.patient_id = t.patient_id
WHERE t.starts_day IS NOT NULL AND t.minutes > 0;

-- Where a referral stands in business hours: hours of days on which nobody works do not count.
CREATE VIEW referral_hours AS
WITH clock AS MATERIALIZED (
    SELECT day, starts, CASE WHEN is_business THEN number - 1 ELSE number END * 24.0 AS hours_before, CASE WHEN is_business THEN 24.0 ELSE 0.0 END AS most FROM calendar_day
),
timed AS (
    SELECT l.*, s.day AS sent_day, s.hours_before + least(s.most, date_diff('second', s.starts, l.sent_at) / 3600.0) AS sent_hours,
        a.hours_before + least(a.most, date_diff('second', a.starts, l.accepted_at) / 3600.0) AS accepted_hours,
        d.hours_before + least(d.most, date_diff('second', d.starts, l.completed_at) / 3600.0) AS completed_hours
    FROM referral_loop l ASOF JOIN clock s ON l.sent_at >= s.starts ASOF LEFT JOIN clock a ON l.accepted_at >= a.starts ASOF LEFT JOIN clock d ON l.completed_at >= d.starts
)
SELECT *, accepted_hours - sent_hours AS hours_to_accept, completed_hours - sent_hours AS hours_to_close FROM timed;

-- Why a referral failed: each of these may be true of it.
CREATE VIEW referral_failure AS
WITH work AS (
    SELECT t.based_on_id AS sr_id, bool_or(s.name = 'late-work') AS was_late, bool_or(s.name = 'undelivered-work') AS was_undelivered
    FROM task t JOIN code_set s ON s.system = t.code_system AND s.code = t.code_code
    WHERE s.name IN ('late-work', 'undelivered-work') AND t.based_on_type = 'ServiceRequest' GROUP BY 1
),
refused AS (SELECT focus_sr_id AS sr_id, bool_or(to_status = 'rejected') AS was_rejected, bool_or(to_status = 'failed') AS has_failed FROM task_event WHERE focus_sr_id IS NOT NULL GROUP BY 1)
SELECT l.sr_id, coalesce(r.was_rejected, false) AS was_rejected, l.terminal_status = 'cancelled' OR l.sr_status = 'revoked' AS was_cancelled,
    l.no_show_count >= 1 AS was_missed, coalesce(w.was_late, false) AS was_late, coalesce(w.was_undelivered, false) OR coalesce(r.has_failed, false) AS was_undelivered
FROM referral_loop l LEFT JOIN refused r ON r.sr_id = l.sr_id LEFT JOIN work w ON w.sr_id = l.sr_id;
