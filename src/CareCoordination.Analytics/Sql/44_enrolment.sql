-- Who was enrolled, and from when to when: episodes that began.
CREATE VIEW enrolment AS
SELECT e.id AS episode_id, e.patient_id, coalesce(w.person_id, e.patient_id) AS person_id, e.type_code AS program, e.period_start_day AS from_day,
    coalesce(e.period_end_day, CASE WHEN e.status = 'finished' THEN e.last_updated_day END) AS to_day, e.care_manager_id, e.managing_org_id
FROM episode_of_care e LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.status IN ('active', 'onhold', 'finished') AND e.period_start_day IS NOT NULL;

-- Screenings for social needs that are finished, and whether something was answered but that one does not want to. Groups and questions that were
-- passed over have no answer; where nothing has one nobody was screened.
CREATE VIEW social_screen AS
SELECT coalesce(w.person_id, q.patient_id) AS person_id, q.questionnaire_response_id AS response_id, q.authored_day AS day,
    bool_or(q.value_code IS NULL OR q.value_code NOT IN (SELECT code FROM code_set WHERE name = 'declined')) AS was_answered
FROM questionnaire_response_item q JOIN code_set s ON s.name = 'social-screen' AND s.code = list_last(string_split(split_part(q.questionnaire, '|', 1), '/'))
    LEFT JOIN person w ON w.patient_id = q.patient_id
WHERE q.status IN ('completed', 'amended') AND coalesce(q.value_code, q.value_display, q.value_text, q.value_boolean::VARCHAR, q.value_integer::VARCHAR, q.value_decimal::VARCHAR,
    q.value_date, q.value_date_time, q.value_time, q.value_uri) IS NOT NULL
GROUP BY ALL;

-- Needs that were told, each once in each of its domains, and what was ordered against them: orders, and no plans or proposals.
CREATE VIEW social_need AS
SELECT DISTINCT c.id AS condition_id, d.domain, c.patient_id, coalesce(w.person_id, c.patient_id) AS person_id, coalesce(c.recorded_date_day, c.onset_day) AS day,
    c.has_abated OR coalesce(c.clinical_status IN ('inactive', 'remission', 'resolved'), false) AS is_over
FROM "condition" c JOIN condition_domain d ON d.condition_id = c.id AND d.domain IS NOT NULL LEFT JOIN person w ON w.patient_id = c.patient_id
WHERE c.verification_status IS DISTINCT FROM 'refuted';

CREATE VIEW social_help AS
WITH ordered AS MATERIALIZED (
    SELECT r.id AS request_id, k.domain, coalesce(w.person_id, r.patient_id) AS person_id, r.authored_on_day AS day, r.goal_id
    FROM service_request r JOIN request_domain k ON k.request_id = r.id LEFT JOIN person w ON w.patient_id = r.patient_id
    WHERE r.status IN ('active', 'completed', 'on-hold') AND r.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order')
        AND coalesce(r.do_not_perform, false) = false
)
SELECT DISTINCT n.condition_id, n.domain, o.request_id, o.goal_id
FROM social_need n JOIN ordered o ON o.person_id = n.person_id AND o.domain = n.domain AND o.day BETWEEN n.day AND n.day + 30;

-- The day of the last change that the tables have: of what is to come nothing can be told.
CREATE VIEW known_until AS
SELECT max(c.day) AS day FROM mirror_state s JOIN calendar_day c ON c.starts <= s.as_of;

-- The months of a period, of which something can be told.
CREATE MACRO months_of(first_day, last_day) AS TABLE
SELECT month_start, least((month_start + INTERVAL 1 MONTH)::DATE - 1, last_day) AS month_end
FROM (SELECT unnest(generate_series(date_trunc('month', first_day::DATE), last_day::DATE, INTERVAL 1 MONTH))::DATE AS month_start)
WHERE month_start <= (SELECT day FROM known_until);

-- Which status a plan had, from one day to another. A plan that was stored later than it began has had its first status since it began, and one
-- that turned out to be of another patient was always of them.
CREATE VIEW plan_status AS
SELECT e.plan_id, coalesce(w.person_id, p.patient_id, e.patient_id) AS person_id, e.to_status AS status,
    CASE WHEN e.version = 1 THEN least(e.happened_day, coalesce(p.period_start_day, p.created_day, e.happened_day)) ELSE e.happened_day END AS from_day,
    coalesce(lead(e.happened_day) OVER (PARTITION BY e.plan_id ORDER BY e.version) , DATE '9999-12-31') AS until_day
FROM plan_event e LEFT JOIN care_plan p ON p.id = e.plan_id LEFT JOIN person w ON w.patient_id = coalesce(p.patient_id, e.patient_id)
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
    SELECT t.sr_id, bool_or(s.name = 'late-work') AS was_late, bool_or(s.name = 'undelivered-work') AS was_undelivered
    FROM referral_task t JOIN code_set s ON s.system = t.code_system AND s.code = t.code_code WHERE s.name IN ('late-work', 'undelivered-work') GROUP BY 1
),
refused AS (
    SELECT t.sr_id, bool_or(e.to_status = 'rejected') AS was_rejected, bool_or(e.to_status = 'failed') AS has_failed
    FROM referral_task t JOIN task_event e ON e.task_id = t.id WHERE NOT t.is_work GROUP BY 1
)
SELECT l.sr_id, coalesce(r.was_rejected, false) AS was_rejected, coalesce(l.terminal_status = 'cancelled', false) OR l.sr_status = 'revoked' AS was_cancelled,
    l.no_show_count >= 1 AS was_missed, coalesce(w.was_late, false) AS was_late, coalesce(w.was_undelivered, false) OR coalesce(r.has_failed, false) AS was_undelivered
FROM referral_loop l LEFT JOIN refused r ON r.sr_id = l.sr_id LEFT JOIN work w ON w.sr_id = l.sr_id;
