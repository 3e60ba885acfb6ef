-- By whose settings the care of a patient goes: those of the organisation of the patient, or else of an episode that is open, or of its care manager.
CREATE VIEW patient_policy AS
WITH led AS (
    SELECT p.id AS patient_id, o.policy_id, 0 AS step, '' AS episode_id FROM patient p JOIN organization_policy o ON o.organization_id = p.managing_org_id
    UNION ALL
    SELECT e.patient_id, o.policy_id, 1, e.id FROM episode_of_care e JOIN organization_policy o ON o.organization_id = e.managing_org_id WHERE e.status = 'active'
    UNION ALL
    SELECT e.patient_id, w.policy_id, 2, e.id FROM episode_of_care e JOIN care_worker w ON w.name = e.care_manager_type || '/' || e.care_manager_id
    WHERE e.status = 'active' AND w.policy_id <> ''
)
SELECT patient_id, arg_min(policy_id, (step, episode_id)) AS policy_id FROM led GROUP BY 1;

-- The clocks of each plan after a discharge, as $transition-status tells them: what is due by when, whether it was done by then, and by which task.
-- A day without a time begins and ends in the zone of the organisation whose plan it is.
CREATE MACRO transition_clocks(told_at) AS TABLE
WITH plan AS (
    SELECT p.id AS plan_id, p.patient_id, p.status AS plan_status, c.code AS kind, p.encounter_id AS stay_id, p.period_start_day AS discharge_day, s.zone
    FROM care_plan p JOIN (
            SELECT care_plan_id, min(code) AS code FROM plan_category WHERE system = 'https://carecoordination.example/fhir/CodeSystem/transition-plan' GROUP BY 1
        ) c ON c.care_plan_id = p.id
        LEFT JOIN organization_policy o ON p.author_type = 'Organization' AND o.organization_id = p.author_id
        LEFT JOIN care_worker w ON w.name = p.author_type || '/' || p.author_id AND w.policy_id <> ''
        LEFT JOIN patient_policy t ON t.patient_id = p.patient_id
        JOIN mirror_policy s ON s.policy_id = coalesce(o.policy_id, w.policy_id, t.policy_id, '')
),
work AS (
    SELECT p.plan_id, p.zone, k.clock, k.task_id, k.status, k.owner,
        CASE WHEN contains(k.due, 'T') THEN k.due_at ELSE due.last END AS due_at,
        coalesce(CASE WHEN contains(k.exec_end, 'T') THEN k.exec_end_at ELSE done.starts END, CASE WHEN contains(k.last_modified, 'T') THEN k.last_modified_at ELSE told.starts END) AS ended_at,
        CASE WHEN contains(k.last_modified, 'T') THEN k.last_modified_at ELSE told.starts END AS modified_at
    FROM plan p JOIN plan_task m ON m.plan_id = p.plan_id JOIN transition_task k ON k.task_id = m.task_id
        LEFT JOIN mirror_zone_day due ON due.zone = p.zone
            AND due.day = CASE length(k.due) WHEN 4 THEN make_date(year(k.due_day), 12, 31) WHEN 7 THEN last_day(k.due_day) ELSE k.due_day END
        LEFT JOIN mirror_zone_day done ON done.zone = p.zone AND done.day = k.exec_end_day
        LEFT JOIN mirror_zone_day told ON told.zone = p.zone AND told.day = k.last_modified_day
    WHERE k.clock IN ('papers', 'contact', 'facility', 'medications', 'visit', 'close')
),
documented AS (
    SELECT w.plan_id, w.clock, w.task_id, CASE WHEN contains(a.happened, 'T') THEN a.happened_at ELSE z.starts END AS instant
    FROM work w JOIN contact_attempt a ON a.task_id = w.task_id LEFT JOIN mirror_zone_day z ON z.zone = w.zone AND z.day = a.happened_day
    WHERE a.happened_at IS NOT NULL
),
attempt AS (
    SELECT plan_id, clock, instant FROM documented
    UNION ALL
    SELECT plan_id, clock, modified_at FROM work WHERE status = 'failed' AND modified_at IS NOT NULL AND task_id NOT IN (SELECT task_id FROM documented)
),
clock AS (
    SELECT plan_id, clock, max(due_at) AS due_at, bool_or(status = 'completed') AS is_done, min(ended_at) FILTER (status = 'completed') AS met_at,
        arg_min(task_id, (coalesce(ended_at, TIMESTAMPTZ '9999-12-31 00:00:00+00'), task_id)) FILTER (status = 'completed') AS met_by,
        bool_and(status IN ('completed', 'cancelled', 'failed', 'rejected')) AS is_over, arg_max_null(owner, (status <> 'failed', task_id)) AS owner
    FROM work GROUP BY 1, 2
),
tried AS (
    SELECT c.plan_id, c.clock, count(*) AS attempts FROM clock c JOIN attempt a ON a.plan_id = c.plan_id AND a.clock = c.clock
    WHERE c.due_at IS NULL OR a.instant <= c.due_at GROUP BY 1, 2
)
SELECT p.plan_id, c.clock, p.patient_id, coalesce(w.person_id, p.patient_id) AS person_id, p.plan_status, p.kind, p.stay_id, p.zone, p.discharge_day,
    coalesce(CASE WHEN contains(e.discharge, 'T') THEN e.discharge_at ELSE d.starts END, b.starts) AS started_at, c.due_at, CASE WHEN c.due_at IS NOT NULL THEN due.day END AS due_day, c.met_at, CASE WHEN c.met_at IS NOT NULL THEN met.day END AS met_day, c.met_by AS met_by_task_id, coalesce(t.attempts, 0) AS attempts,
    CASE WHEN c.is_done THEN CASE WHEN c.due_at IS NULL OR c.met_at <= c.due_at THEN 'met' ELSE 'late-met' END
        WHEN c.clock = 'contact' AND t.attempts >= 2 THEN 'excused'
        WHEN c.is_over THEN 'stopped'
        WHEN told_at > c.due_at THEN 'missed'
        ELSE 'running' END AS state, c.owner
FROM plan p JOIN clock c ON c.plan_id = p.plan_id LEFT JOIN tried t ON t.plan_id = c.plan_id AND t.clock = c.clock
    LEFT JOIN person w ON w.patient_id = p.patient_id LEFT JOIN encounter e ON e.id = p.stay_id
    LEFT JOIN mirror_zone_day b ON b.zone = p.zone AND b.day = p.discharge_day
    LEFT JOIN mirror_zone_day d ON d.zone = p.zone AND d.day = e.discharge_day
    ASOF LEFT JOIN mirror_zone_day due ON due.zone = p.zone AND c.due_at >= due.starts
    ASOF LEFT JOIN mirror_zone_day met ON met.zone = p.zone AND c.met_at >= met.starts;

-- As they stand now.
CREATE VIEW transition_clock AS SELECT * FROM transition_clocks(now());
