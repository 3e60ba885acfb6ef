-- id: m-19a
-- name: BloodPressureControl
-- title: Blood pressure controlled
-- description: Of patients of 18 to 85 years with essential hypertension in the first six months of the period or before, those whose lowest systolic pressure was below 140 and lowest diastolic below 90 on the last day of the period on which both were measured. Readings of emergency and inpatient care do not count. Left out: hospice and palliative care, pregnancy, kidney failure, dialysis and transplants at any time, and from 66 on nursing homes and frailty with advanced illness, from 81 on frailty. A visit is not asked for: who is cared for from afar counts too.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS165, Controlling High Blood Pressure, https://ecqi.healthit.gov/ecqm/ec/2026/cms0165v14
-- gaps: yes
WITH reading AS (
    SELECT o.person_id, o.until_day AS day, o.set_name, o.value_quantity AS value, o.encounter_id FROM observation_in_set o WHERE o.set_name IN ('systolic', 'diastolic')
    UNION ALL
    SELECT coalesce(w.person_id, c.patient_id), coalesce(o.effective_end_day, c.effective_day), s.name, c.value_quantity, o.encounter_id
    FROM observation_component c JOIN code_set s ON s.name IN ('systolic', 'diastolic') AND s.system = c.code_system AND s.code = c.code_code
        JOIN observation o ON o.id = c.observation_id LEFT JOIN person w ON w.patient_id = c.patient_id
    WHERE c.status IN ('final', 'amended', 'corrected')
),
reading_day AS (
    SELECT r.person_id, r.day, min(r.value) FILTER (r.set_name = 'systolic') AS systolic, min(r.value) FILTER (r.set_name = 'diastolic') AS diastolic
    FROM reading r LEFT JOIN encounter e ON e.id = r.encounter_id
    WHERE r.value IS NOT NULL AND r.day BETWEEN $start::DATE AND $end::DATE AND (e.class_code IS NULL OR e.class_code NOT IN ('EMER', 'IMP', 'ACUTE', 'NONAC', 'PRENC', 'SS'))
    GROUP BY 1, 2 HAVING systolic IS NOT NULL AND diastolic IS NOT NULL
),
last_day_read AS (SELECT person_id, arg_max(systolic, day) AS systolic, arg_max(diastolic, day) AS diastolic FROM reading_day GROUP BY 1),
ill AS (
    SELECT DISTINCT person_id FROM condition_in_set
    WHERE set_name = 'hypertension' AND coalesce(from_day, DATE '1900-01-01') < ($start::DATE + INTERVAL 6 MONTH)::DATE AND coalesce(to_day, DATE '9999-12-31') >= $start::DATE
),
out AS (
    SELECT person_id FROM condition_in_set
    WHERE set_name IN ('esrd', 'pregnancy') AND coalesce(from_day, DATE '1900-01-01') <= $end::DATE AND coalesce(to_day, DATE '9999-12-31') >= $start::DATE
    UNION SELECT person_id FROM procedure_in_set WHERE set_name = 'esrd' AND status = 'completed' AND to_day <= $end::DATE
    UNION
    SELECT coalesce(w.person_id, e.patient_id)
    FROM encounter e JOIN encounter_in_set s ON s.encounter_id = e.id AND s.set_name = 'esrd-visit' LEFT JOIN person w ON w.patient_id = e.patient_id
    WHERE e.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished') AND e.admit_day <= $end::DATE
    UNION SELECT person_id FROM in_hospice($start::DATE, $end::DATE)
    UNION SELECT person_id FROM too_frail($start::DATE, $end::DATE)
)
SELECT p.id AS event_id, p.id AS patient_id, $end::DATE AS day, p.id IN (SELECT person_id FROM out) AS excluded,
    coalesce(r.systolic < 140 AND r.diastolic < 90, false) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(p.general_practitioner_type, p.general_practitioner_id) AS practitioner_id, p.managing_org_id AS organization_id, NULL AS programme
FROM patient p JOIN ill i ON i.person_id = p.id LEFT JOIN last_day_read r ON r.person_id = p.id
WHERE age_on(p.birth_date_day, $end::DATE) BETWEEN 18 AND 85
