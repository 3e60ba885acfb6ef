-- id: m-03
-- name: DischargeInformation
-- title: Discharge information received in time
-- description: Of discharges of adults, those of which a summary came on the day of the discharge or the two days after that tells who answers for it, treatment, diagnoses, medications, results and instructions. Only documents whose sections are coded are counted. A readmission or transfer within 30 days makes one stay of both, and the last discharge counts; discharges are those of the period but for its last 30 days. Left out: hospice.
-- version: 1.0.1
-- effective: 2020-01-01..
-- source: NCQA HEDIS TRC, Transitions of Care, https://www.ncqa.org/hedis/measures/transitions-of-care/
WITH stay AS (SELECT * FROM stays(['IMP', 'ACUTE', 'OBSENC', 'NONAC'], 30)),
whole AS (
    SELECT d.bundle_id FROM document_section d JOIN code_set t ON t.name = 'discharge-summary' AND t.code = d.type_code
        JOIN code_set k ON starts_with(k.name, 'section-') AND k.code = d.code
    WHERE d.is_filled AND d.has_author GROUP BY 1 HAVING count(DISTINCT k.name) = 5
),
told AS (
    SELECT n.encounter_id FROM stay_notice n JOIN whole w ON w.bundle_id = n.bundle_id JOIN encounter e ON e.id = n.encounter_id
    WHERE n.received_day BETWEEN e.discharge_day AND e.discharge_day + 2
)
SELECT s.stay_id AS event_id, s.patient_id, s.discharge_day AS day,
    s.disposition_code IS NOT NULL AND s.disposition_code IN (SELECT code FROM code_set WHERE name = 'hospice-disposition')
        OR s.person_id IN (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice') AS excluded,
    s.stay_id IN (SELECT encounter_id FROM told) AS numerator,
    NULL AS value, NULL AS weight, s.practitioner_id, s.organization_id, NULL AS programme
FROM stay s JOIN patient p ON p.id = s.person_id
WHERE s.discharge_day BETWEEN $start::DATE AND $end::DATE - 30 AND age_on(p.birth_date_day, $end::DATE) >= 18
