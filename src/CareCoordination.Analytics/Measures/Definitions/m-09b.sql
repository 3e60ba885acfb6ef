-- id: m-09b
-- name: ReferralLoopClosedAll
-- title: Referral loop closed, all referrals
-- description: As m-09, of all referrals that were written in the period and not of the first of each patient.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS50, Closing the Referral Loop: Receipt of Specialist Report, https://ecqi.healthit.gov/ecqm/ec/2026/cms0050v14
-- gaps: yes
SELECT s.id AS event_id, s.patient_id, s.authored_on_day AS day, false AS excluded,
    s.id IN (
        SELECT CASE WHEN t.based_on_type = 'ServiceRequest' THEN t.based_on_id ELSE t.focus_id END FROM task t
        WHERE (t.based_on_type = 'ServiceRequest' OR t.focus_type = 'ServiceRequest') AND t.status = 'completed'
            AND (t.output_count > 0 OR t.id IN (SELECT r.task_id FROM task_report_code r JOIN code_set c ON c.name = 'consultant-report' AND c.system = r.system AND c.code = r.code))
            AND t.exec_end_day BETWEEN $start::DATE AND $end::DATE AND t.exec_end_at > s.authored_on_at
            AND t.code_system IS DISTINCT FROM 'https://carecoordination.example/fhir/CodeSystem/referral-work'
    ) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(s.requester_type, s.requester_id) AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM service_request s LEFT JOIN care_plan plan ON plan.id = s.care_plan_id
WHERE s.status IN ('active', 'completed') AND s.intent = 'order' AND coalesce(s.do_not_perform, false) = false
    AND s.authored_on_day BETWEEN $start::DATE AND $end::DATE
