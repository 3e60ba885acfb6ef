-- id: m-09
-- name: ReferralLoopClosed
-- title: Referral loop closed
-- description: Of patients with a referral that was written in the first ten months of the period, those whose first such referral came back: its task was completed within the period, after the referral was written, with a report.
-- version: 1.0.0
-- effective: 2020-01-01..
-- source: CMS50, Closing the Referral Loop: Receipt of Specialist Report, https://ecqi.healthit.gov/ecqm/ec/2025/cms0050v13
-- gaps: yes
WITH first_referral AS (
    SELECT s.id, s.patient_id, s.authored_on_day, s.authored_on_at, s.requester_id, s.care_plan_id,
        row_number() OVER (PARTITION BY coalesce(w.person_id, s.patient_id) ORDER BY s.authored_on_at, s.id) AS place
    FROM service_request s LEFT JOIN person w ON w.patient_id = s.patient_id
    WHERE s.status IN ('active', 'completed') AND s.intent = 'order' AND coalesce(s.do_not_perform, false) = false
        AND s.authored_on_day BETWEEN $start AND least($end, last_day($start + INTERVAL 9 MONTH))
)
SELECT r.id AS event_id, r.patient_id, r.authored_on_day AS day, false AS excluded,
    EXISTS (
        SELECT 1 FROM task t
        WHERE (t.based_on_type = 'ServiceRequest' AND t.based_on_id = r.id OR t.focus_type = 'ServiceRequest' AND t.focus_id = r.id)
            AND t.status = 'completed' AND t.exec_end_day BETWEEN $start AND $end AND t.exec_end_at > r.authored_on_at
            AND t.output_count > 0 AND t.code_system IS DISTINCT FROM 'https://carecoordination.example/fhir/CodeSystem/referral-work'
    ) AS numerator,
    NULL AS value, NULL AS weight, r.requester_id AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM first_referral r LEFT JOIN care_plan plan ON plan.id = r.care_plan_id
WHERE r.place = 1
