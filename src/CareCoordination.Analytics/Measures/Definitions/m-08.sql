-- id: m-08
-- name: EmergencyFollowUp
-- title: Follow-up after an emergency visit of people with several chronic conditions
-- description: Of emergency visits of adults with at least two groups of high-risk chronic conditions that ended in the period (but for its last seven days), those after which somebody spoke with the patient on that day or the seven days after. Of the visits within eight days the first counts. Left out: hospice, and visits after which the patient was in hospital: a stay begins on a day of the visit or the seven days after it, whether it is one with a stay before or not.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: NCQA HEDIS FMC, Follow-Up After Emergency Department Visit for People With Multiple High-Risk Chronic Conditions, https://www.ncqa.org/hedis/measures/
-- gaps: yes
WITH RECURSIVE emergency AS MATERIALIZED (
    SELECT e.id, e.patient_id, coalesce(w.person_id, e.patient_id) AS person_id, e.admit_day, e.admit_at, e.discharge_day AS day, e.participant_id, e.service_provider_id
    FROM encounter e LEFT JOIN person w ON w.patient_id = e.patient_id JOIN patient p ON p.id = coalesce(w.person_id, e.patient_id)
    WHERE e.class_code = 'EMER' AND e.status = 'finished' AND e.discharge_day BETWEEN $start::DATE AND $end::DATE - 7
        AND age_on(p.birth_date_day, e.discharge_day) >= 18
),
chronic AS MATERIALIZED (
    SELECT person_id, set_name, min(coalesce(from_day, DATE '1900-01-01')) AS from_day FROM condition_in_set WHERE starts_with(set_name, 'fmc-') GROUP BY 1, 2
),
at_risk AS (SELECT e.id FROM emergency e JOIN chronic c ON c.person_id = e.person_id AND c.from_day < e.admit_day GROUP BY 1 HAVING count(*) >= 2),
stayed AS (
    SELECT e.id FROM emergency e JOIN person w ON w.person_id = e.person_id JOIN encounter s ON s.patient_id = w.patient_id
    WHERE s.class_code IN ('IMP', 'ACUTE', 'OBSENC', 'NONAC') AND s.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
        AND s.admit_day >= e.admit_day AND s.admit_day <= e.day + 7
),
visit AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY day, admit_at, id) AS place
    FROM emergency WHERE id IN (SELECT id FROM at_risk) AND id NOT IN (SELECT id FROM stayed)
),
counted AS (
    SELECT *, day AS last_counted, true AS counts FROM visit WHERE place = 1
    UNION ALL
    SELECT v.*, CASE WHEN v.day > c.last_counted + 7 THEN v.day ELSE c.last_counted END, v.day > c.last_counted + 7
    FROM counted c JOIN visit v ON v.person_id = c.person_id AND v.place = c.place + 1
),
followed AS (SELECT v.id FROM visit v JOIN patient_contact c ON c.person_id = v.person_id AND c.day >= v.day AND c.day <= v.day + 7)
SELECT v.id AS event_id, v.patient_id, v.day, v.person_id IN (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice') AS excluded,
    v.id IN (SELECT id FROM followed) AS numerator,
    NULL AS value, NULL AS weight, v.participant_id AS practitioner_id, v.service_provider_id AS organization_id, NULL AS programme
FROM counted v WHERE v.counts
