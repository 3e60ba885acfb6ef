-- id: m-22
-- name: ContactCadence
-- title: Contacts that took place as planned
-- description: Of contacts and calls that were due in the period, those that took place by then. Left out: what was cancelled.
-- version: 1.1.0
-- effective: 2020-01-01..
-- gaps: yes
SELECT t.id AS event_id, t.patient_id, t.due_day AS day, t.status IN ('cancelled', 'rejected') AS excluded,
    t.status = 'completed' AND coalesce(t.exec_end_day, t.last_modified_day) <= t.due_day AS numerator,
    t.contact_attempt_count AS value, NULL AS weight, practitioner_of(t.owner_type, t.owner_id) AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM task t JOIN code_set s ON s.name = 'contact-task' AND s.system = t.code_system AND s.code = t.code_code LEFT JOIN care_plan plan ON plan.id = t.care_plan_id
WHERE t.due_day BETWEEN $start::DATE AND $end::DATE AND t.status <> 'draft'
