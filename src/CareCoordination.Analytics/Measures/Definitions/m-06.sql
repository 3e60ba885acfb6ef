-- id: m-06
-- name: TransitionContact
-- title: Contact within two business days of discharge
-- description: Of plans after a discharge to the community in the period, those in which somebody spoke with the patient by the end of the second business day after the discharge. Business days are those of the calendar of the server. Left out: who died or was in hospital again by that day, on the day of the discharge too.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS, Transitional Care Management Services, https://www.cms.gov/files/document/mln908628-transitional-care-management-services.pdf
-- gaps: yes
WITH spoken AS (
    SELECT t.plan_id FROM transition t JOIN patient_contact c ON c.person_id = t.person_id AND c.day BETWEEN t.discharge_day AND t.contact_due
)
SELECT t.plan_id AS event_id, t.patient_id, t.discharge_day AS day, coalesce(x.day <= t.contact_due, false) AS excluded,
    t.plan_id IN (SELECT plan_id FROM spoken) AS numerator,
    NULL AS value, NULL AS weight, t.care_manager_id AS practitioner_id, t.organization_id, t.template AS programme
FROM transition t LEFT JOIN transition_end x ON x.plan_id = t.plan_id
WHERE t.discharge_day BETWEEN $start::DATE AND $end::DATE
