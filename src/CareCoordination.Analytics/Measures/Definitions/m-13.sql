-- id: m-13
-- name: PlanReview
-- title: Plans reviewed on time
-- description: Of months at whose end a plan was active, those at whose end its last review, or its beginning, was at most thirty days ago where the risk of the patient is high, ninety where it is moderate and a hundred and eighty where it is low or not known. Left out: months in which the plan was on hold. A month that is not over yet counts with what is known.
-- version: 1.1.0
-- effective: 2020-01-01..
-- gaps: yes
WITH month AS (SELECT * FROM months_of($start, $end)),
held AS (
    SELECT DISTINCT s.plan_id, m.month_start FROM plan_status s JOIN month m ON s.from_day <= m.month_end AND s.until_day >= m.month_start WHERE s.status = 'on-hold'
),
active AS (
    SELECT s.plan_id, s.person_id, m.month_start, m.month_end FROM plan_status s JOIN month m ON s.from_day <= m.month_end AND s.until_day > m.month_end
    WHERE s.status IN ('active', 'on-hold')
),
began AS (SELECT plan_id, min(from_day) AS day FROM plan_status WHERE status = 'active' GROUP BY 1),
risk AS (
    SELECT w.person_id, coalesce(r.occurrence_day, r.last_updated_day) AS day, arg_max(r.qualitative_risk_code, r.risk_assessment_id) AS code
    FROM risk_assessment r JOIN person w ON w.patient_id = r.patient_id
    WHERE r.status IN ('final', 'amended', 'corrected') AND r.qualitative_risk_code IS NOT NULL GROUP BY 1, 2
),
tier AS (SELECT a.plan_id, a.month_start, r.code FROM active a ASOF JOIN risk r ON r.person_id = a.person_id AND r.day <= a.month_end),
review AS (
    SELECT care_plan_id AS plan_id, recorded_day AS day FROM plan_review WHERE care_plan_id IS NOT NULL
    UNION SELECT care_plan_id, exec_end_day FROM task WHERE code_code = 'plan-review' AND status = 'completed' AND care_plan_id IS NOT NULL
),
last_review AS (SELECT a.plan_id, a.month_start, v.day FROM active a ASOF JOIN review v ON v.plan_id = a.plan_id AND v.day <= a.month_end)
SELECT a.plan_id || '/' || strftime(a.month_start, '%Y-%m') AS event_id, coalesce(p.patient_id, a.person_id) AS patient_id, a.month_end AS day, h.plan_id IS NOT NULL AS excluded,
    coalesce(greatest(l.day, b.day) >= a.month_end - CASE t.code WHEN 'high' THEN 30 WHEN 'moderate' THEN 90 ELSE 180 END, false) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(p.author_type, p.author_id) AS practitioner_id, NULL AS organization_id, p.template AS programme
FROM active a JOIN care_plan p ON p.id = a.plan_id LEFT JOIN held h ON h.plan_id = a.plan_id AND h.month_start = a.month_start LEFT JOIN began b ON b.plan_id = a.plan_id
    LEFT JOIN tier t ON t.plan_id = a.plan_id AND t.month_start = a.month_start LEFT JOIN last_review l ON l.plan_id = a.plan_id AND l.month_start = a.month_start
