-- id: m-20b
-- name: AdherenceStatin
-- title: Adherence to statins
-- description: Of adults with fills of statins on at least two days of the period, the first of which lies at least 91 days before its end, those who had medicine on at least 80 % of the days from the first fill to the end of the period or their death. A fill of the same medicine that comes early begins when the one before ends; of different ones a day counts once. Left out: hospice, kidney failure. Days in hospital are not taken out. Fills are those of MedicationDispense.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: PQA, Proportion of Days Covered, https://www.pqaalliance.org/medication-adherence
-- gaps: yes
SELECT a.person_id AS event_id, a.person_id AS patient_id, a.from_day AS day, a.excluded, a.covered >= 0.8 * a.days AS numerator,
    a.covered * 1.0 / a.days AS value, NULL AS weight, practitioner_of(p.general_practitioner_type, p.general_practitioner_id) AS practitioner_id, p.managing_org_id AS organization_id, NULL AS programme
FROM adherence('statin', ['esrd'], $start::DATE, $end::DATE) a JOIN patient p ON p.id = a.person_id
WHERE a.days >= 91
