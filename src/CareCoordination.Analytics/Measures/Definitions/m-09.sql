-- id: m-09
-- name: ReferralLoopClosed
-- title: Referral loop closed
-- description: Of patients with a referral that was written in the first ten months of the period, those whose first such referral came back: its task was completed within the period, after the referral was written, with a report, or is one itself. Every order is a referral here, whatever its code, and a visit is not asked for.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS50, Closing the Referral Loop: Receipt of Specialist Report, https://ecqi.healthit.gov/ecqm/ec/2026/cms0050v14
-- gaps: yes
WITH first_referral AS (
    SELECT s.id, s.patient_id, s.authored_on_day, s.authored_on_at, practitioner_of(s.requester_type, s.requester_id) AS requester_id, s.care_plan_id,
        row_number() OVER (PARTITION BY coalesce(w.person_id, s.patient_id) ORDER BY s.authored_on_at, s.id) AS place
    FROM service_request s LEFT JOIN person w ON w.patient_id = s.patient_id
    WHERE s.status IN ('active', 'completed') AND s.intent = 'order' AND coalesce(s.do_not_perform, false) = false
        AND s.authored_on_day BETWEEN $start AND least($end, last_day($start + INTERVAL 9 MONTH))
),
report AS (SELECT r.task_id FROM task_report_code r JOIN code_set s ON s.name = 'consultant-report' AND s.system = r.system AND s.code = r.code),
work AS (
    SELECT based_on_type, based_on_id, focus_type, focus_id, exec_end_at FROM task
    WHERE status = 'completed' AND exec_end_day BETWEEN $start AND $end AND (output_count > 0 OR id IN (SELECT task_id FROM report))
        AND code_system IS DISTINCT FROM 'https://carecoordination.example/fhir/CodeSystem/referral-work'
),
closed AS (
    SELECT sr_id, max(exec_end_at) AS closed_at
    FROM (
        SELECT based_on_id AS sr_id, exec_end_at FROM work WHERE based_on_type = 'ServiceRequest'
        UNION ALL SELECT focus_id, exec_end_at FROM work WHERE focus_type = 'ServiceRequest'
    ) GROUP BY 1
)
SELECT r.id AS event_id, r.patient_id, r.authored_on_day AS day, false AS excluded,
    coalesce(c.closed_at > r.authored_on_at, false) AS numerator,
    NULL AS value, NULL AS weight, r.requester_id AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM first_referral r LEFT JOIN closed c ON c.sr_id = r.id LEFT JOIN care_plan plan ON plan.id = r.care_plan_id
WHERE r.place = 1
