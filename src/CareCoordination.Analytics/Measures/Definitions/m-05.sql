-- id: m-05
-- name: MedicationReconciliation
-- title: Medications reconciled after discharge
-- description: Of discharges of adults, those whose medications were reconciled, with a list, by a prescriber, a pharmacist or a registered nurse, on the day of the discharge or the thirty days after. A readmission or transfer within 30 days makes one stay of both, and the last discharge counts; discharges are those of the period but for its last 30 days. Left out: hospice.
-- version: 1.0.1
-- effective: 2020-01-01..
-- source: NCQA HEDIS TRC, Transitions of Care, https://www.ncqa.org/hedis/measures/transitions-of-care/
-- gaps: yes
WITH stay AS (SELECT * FROM stays(['IMP', 'ACUTE', 'OBSENC', 'NONAC'], 30)),
reconciler AS (
    SELECT r.role_id, r.practitioner_id FROM practitioner_role_code r
        JOIN code_set k ON k.name = 'reconciler' AND k.system = r.system AND (k.code = r.code OR k.is_prefix AND starts_with(r.code, k.code))
),
done AS (
    SELECT s.stay_id FROM stay s JOIN person w ON w.person_id = s.person_id JOIN task t ON t.patient_id = w.patient_id
        JOIN code_set k ON k.name = 'reconciliation-task' AND k.system = t.code_system AND k.code = t.code_code
    WHERE t.status = 'completed' AND t.exec_end_day BETWEEN s.discharge_day AND s.discharge_day + 30 AND (t.focus_type = 'List' OR t.output_count > 0)
        AND (t.owner_type = 'PractitionerRole' AND t.owner_id IN (SELECT role_id FROM reconciler)
            OR t.owner_type = 'Practitioner' AND t.owner_id IN (SELECT practitioner_id FROM reconciler))
)
SELECT s.stay_id AS event_id, s.patient_id, s.discharge_day AS day,
    s.disposition_code IS NOT NULL AND s.disposition_code IN (SELECT code FROM code_set WHERE name = 'hospice-disposition')
        OR s.person_id IN (SELECT person_id FROM in_hospice($start::DATE, $end::DATE) WHERE kind = 'hospice') AS excluded,
    s.stay_id IN (SELECT stay_id FROM done) AS numerator,
    NULL AS value, NULL AS weight, s.practitioner_id, s.organization_id, NULL AS programme
FROM stay s JOIN patient p ON p.id = s.person_id
WHERE s.discharge_day BETWEEN $start::DATE AND $end::DATE - 30 AND age_on(p.birth_date_day, $end::DATE) >= 18
