-- id: m-04
-- name: PatientEngagement
-- title: Patient engaged after discharge
-- description: Of discharges of adults, those after which somebody spoke with the patient, in a visit or a call that is done, from the day after the discharge to the thirtieth. A readmission or transfer within 30 days makes one stay of both, and the last discharge counts; discharges are those of the period but for its last 30 days. Left out: hospice.
-- version: 1.0.1
-- effective: 2020-01-01..
-- source: NCQA HEDIS TRC, Transitions of Care, https://www.ncqa.org/hedis/measures/transitions-of-care/
-- gaps: yes
WITH stay AS (SELECT * FROM stays(['IMP', 'ACUTE', 'OBSENC', 'NONAC'], 30)),
met AS (SELECT s.stay_id FROM stay s JOIN patient_contact c ON c.person_id = s.person_id AND c.day BETWEEN s.discharge_day + 1 AND s.discharge_day + 30)
SELECT s.stay_id AS event_id, s.patient_id, s.discharge_day AS day,
    s.disposition_code IS NOT NULL AND s.disposition_code IN (SELECT code FROM code_set WHERE name = 'hospice-disposition')
        OR s.person_id IN (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice') AS excluded,
    s.stay_id IN (SELECT stay_id FROM met) AS numerator,
    NULL AS value, NULL AS weight, s.practitioner_id, s.organization_id, NULL AS programme
FROM stay s JOIN patient p ON p.id = s.person_id
WHERE s.discharge_day BETWEEN $start::DATE AND $end::DATE - 30 AND age_on(p.birth_date_day, $end::DATE) >= 18
