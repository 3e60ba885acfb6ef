-- id: m-01
-- name: Readmission
-- title: Unplanned readmission within 30 days
-- description: Of stays of adults in acute inpatient or observation care that ended in the period (but for its last 30 days), those that were followed by another one within 30 days that was not planned. Stays that begin at most a day after the one before are one stay, and the last discharge counts. Left out: stays of a day, deaths, hospice, births. It is the observed rate; what was to be expected is not known here.
-- version: 1.0.1
-- effective: 2020-01-01..
-- source: NCQA HEDIS PCR, Plan All-Cause Readmissions, https://www.ncqa.org/hedis/measures/plan-all-cause-readmissions/
-- improvement: decrease
WITH stay AS (SELECT * FROM stays(['IMP', 'ACUTE', 'OBSENC'], 1)),
back AS (
    SELECT DISTINCT s.stay_id FROM stay s JOIN stay n ON n.person_id = s.person_id
    WHERE n.admit_day > s.discharge_day AND n.admit_day <= s.discharge_day + 30 AND NOT n.first_planned AND NOT n.first_of_birth
)
SELECT s.stay_id AS event_id, s.patient_id, s.discharge_day AS day,
    s.admit_day = s.discharge_day OR s.of_birth OR coalesce(p.deceased_at_day <= s.discharge_day, false)
        OR s.disposition_code IS NOT NULL AND s.disposition_code IN (SELECT code FROM code_set WHERE name IN ('died-disposition', 'hospice-disposition'))
        OR s.person_id IN (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice') AS excluded,
    s.stay_id IN (SELECT stay_id FROM back) AS numerator,
    NULL AS value, NULL AS weight, s.practitioner_id, s.organization_id, NULL AS programme
FROM stay s JOIN patient p ON p.id = s.person_id
WHERE s.discharge_day BETWEEN $start::DATE AND $end::DATE - 30 AND age_on(p.birth_date_day, s.discharge_day) >= 18
