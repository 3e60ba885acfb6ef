-- id: m-07
-- name: TransitionVisit
-- title: Visit within seven or fourteen days of discharge
-- description: Of plans after a discharge to the community in the period, those whose patient was seen in person within seven days where the risk is high, and within fourteen where it is not. The day of the discharge is none of them. Left out: who died or was in hospital again by that day, on the day of the discharge too.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS, Transitional Care Management Services, https://www.cms.gov/files/document/mln908628-transitional-care-management-services.pdf
-- gaps: yes
WITH seen AS (
    SELECT t.plan_id FROM transition t JOIN patient_contact c ON c.person_id = t.person_id AND c.kind IN ('AMB', 'HH') AND c.day > t.discharge_day AND c.day <= t.visit_due
    UNION
    SELECT t.plan_id FROM transition t JOIN plan_task o ON o.plan_id = t.plan_id JOIN task k ON k.id = o.task_id JOIN code_set s ON s.name = 'visit-task' AND s.system = k.code_system AND s.code = k.code_code
    WHERE k.status = 'completed' AND k.exec_end_day > t.discharge_day AND k.exec_end_day <= t.visit_due
)
SELECT t.plan_id AS event_id, t.patient_id, t.discharge_day AS day, coalesce(x.day <= t.visit_due, false) AS excluded,
    t.plan_id IN (SELECT plan_id FROM seen) AS numerator,
    NULL AS value, NULL AS weight, t.care_manager_id AS practitioner_id, t.organization_id, t.template AS programme
FROM transition t LEFT JOIN transition_end x ON x.plan_id = t.plan_id
WHERE t.discharge_day BETWEEN $start::DATE AND $end::DATE
