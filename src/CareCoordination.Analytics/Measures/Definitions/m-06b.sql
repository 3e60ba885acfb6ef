-- id: m-06b
-- name: TransitionContactOrAttempts
-- title: Contact, or two attempts, within two business days of discharge
-- description: As m-06, and besides those in which at least two attempts by then are documented in tasks that the plan names, or that name it, and reached nobody. Left out: who died or was in hospital again by that day, on the day of the discharge too.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS, Transitional Care Management Services, https://www.cms.gov/files/document/mln908628-transitional-care-management-services.pdf
WITH spoken AS (
    SELECT t.plan_id FROM transition t JOIN patient_contact c ON c.person_id = t.person_id AND c.day BETWEEN t.discharge_day AND t.contact_due
),
attempt AS (
    SELECT a.task_id, a.happened_day AS day FROM contact_attempt a
    UNION ALL
    SELECT t.id, t.last_modified_day FROM task t WHERE t.status = 'failed' AND t.id NOT IN (SELECT task_id FROM contact_attempt)
),
tried AS (
    SELECT t.plan_id FROM transition t JOIN plan_task o ON o.plan_id = t.plan_id JOIN task k ON k.id = o.task_id
        JOIN code_set s ON s.name = 'contact-task' AND s.system = k.code_system AND s.code = k.code_code
        JOIN attempt a ON a.task_id = k.id AND a.day BETWEEN t.discharge_day AND t.contact_due
    GROUP BY 1 HAVING count(*) >= 2
)
SELECT t.plan_id AS event_id, t.patient_id, t.discharge_day AS day, coalesce(x.day <= t.contact_due, false) AS excluded,
    t.plan_id IN (SELECT plan_id FROM spoken UNION SELECT plan_id FROM tried) AS numerator,
    NULL AS value, NULL AS weight, t.care_manager_id AS practitioner_id, t.organization_id, t.template AS programme
FROM transition t LEFT JOIN transition_end x ON x.plan_id = t.plan_id
WHERE t.discharge_day BETWEEN $start::DATE AND $end::DATE
