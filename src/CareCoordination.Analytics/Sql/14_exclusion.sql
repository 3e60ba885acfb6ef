-- Who was in hospice or palliative care, and from when to when: as the libraries Hospice and PalliativeCare of the measures of CMS tell it
-- (https://github.com/cqframework/ecqm-content-qicore-2025). An end that nobody told is none; an order and a discharge are of their day.
CREATE VIEW hospice_care AS
SELECT set_name AS kind, person_id, from_day, to_day FROM condition_in_set WHERE set_name IN ('hospice', 'palliative')
UNION ALL
SELECT s.set_name, coalesce(w.person_id, e.patient_id), e.admit_day, e.discharge_day
FROM encounter e JOIN encounter_in_set s ON s.encounter_id = e.id LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE s.set_name IN ('hospice', 'palliative') AND e.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
UNION ALL
SELECT 'hospice', coalesce(w.person_id, e.patient_id), e.discharge_day, coalesce(e.discharge_day, DATE '1900-01-01')
FROM encounter e JOIN code_set s ON s.name = 'hospice-disposition' AND s.code = e.disposition_code LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.status = 'finished'
UNION ALL
SELECT s.name, coalesce(w.person_id, r.patient_id), r.authored_on_day, coalesce(r.authored_on_day, DATE '1900-01-01')
FROM service_request r JOIN code_set s ON s.system = r.code_system AND s.code = r.code_code LEFT JOIN person w ON w.patient_id = r.patient_id
WHERE s.name = 'hospice' AND r.status IN ('active', 'completed') AND r.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order')
    AND coalesce(r.do_not_perform, false) = false
UNION ALL
SELECT set_name, person_id, from_day, to_day FROM procedure_in_set WHERE set_name IN ('hospice', 'palliative')
UNION ALL
SELECT CASE set_name WHEN 'hospice-survey' THEN 'hospice' ELSE 'palliative' END, person_id, effective_day, until_day
FROM observation_in_set WHERE set_name = 'palliative-survey' OR set_name = 'hospice-survey' AND value_code IN (SELECT code FROM code_set WHERE name = 'yes');

-- Whoever was in such care in a period.
CREATE MACRO in_hospice(first_day, last_day) AS TABLE
SELECT DISTINCT kind, person_id FROM hospice_care
WHERE coalesce(from_day, DATE '1900-01-01') <= last_day AND coalesce(to_day, DATE '9999-12-31') >= first_day;

-- What tells that somebody is frail: a diagnosis, a visit, a symptom, a device that is used or ordered. Library AdvancedIllnessandFrailty.
CREATE VIEW frailty_told AS
SELECT person_id, from_day, to_day FROM condition_in_set WHERE set_name = 'frailty'
UNION ALL
SELECT coalesce(w.person_id, e.patient_id), e.admit_day, e.discharge_day
FROM encounter e JOIN encounter_in_set s ON s.encounter_id = e.id AND s.set_name = 'frailty' LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
UNION ALL
SELECT coalesce(w.person_id, o.patient_id), o.effective_day, coalesce(o.effective_end_day, o.effective_day)
FROM observation o JOIN code_set s ON s.name = 'frailty' AND s.system = o.code_system AND (s.code = o.code_code OR s.is_prefix AND starts_with(o.code_code, s.code))
    LEFT JOIN person w ON w.patient_id = o.patient_id
WHERE o.status IN ('preliminary', 'final', 'amended', 'corrected')
UNION ALL
SELECT o.person_id, o.until_day, o.until_day
FROM observation_in_set o JOIN code_set s ON s.name = 'frailty-device' AND s.system = o.value_system AND s.code = o.value_code WHERE o.set_name = 'equipment-used'
UNION ALL
SELECT coalesce(w.person_id, d.patient_id), d.authored_on_day, coalesce(d.authored_on_day, DATE '1900-01-01')
FROM device_order_code d JOIN known_code s ON s.kind = 'device' AND s.set_name = 'frailty-device' AND s.system = d.system AND s.code = d.code
    LEFT JOIN person w ON w.patient_id = d.patient_id
WHERE d.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order');

-- Whom the frailty rules of CMS122 and CMS165 leave out, as they stand from 2026 on: from 66 on who lives in a nursing home; who is frail in
-- the period and has an advanced illness that began in it or the year before, or a medicine for dementia; from 81 on who is frail.
CREATE MACRO too_frail(first_day, last_day) AS TABLE
WITH frail AS (
    SELECT DISTINCT person_id FROM frailty_told WHERE coalesce(from_day, DATE '1900-01-01') <= last_day AND coalesce(to_day, DATE '9999-12-31') >= first_day
),
ill AS (
    SELECT person_id FROM condition_in_set WHERE set_name = 'advanced-illness' AND from_day BETWEEN (first_day - INTERVAL 1 YEAR)::DATE AND last_day
    UNION SELECT person_id FROM medicine_order_in_set WHERE set_name = 'dementia-medicine' AND from_day <= last_day AND to_day >= (first_day - INTERVAL 1 YEAR)::DATE
),
housed AS (
    SELECT o.person_id, arg_max(n.name IS NOT NULL, (o.until_day, coalesce(o.effective_at, TIMESTAMPTZ '1900-01-01 00:00:00+00'), o.observation_id)) AS in_nursing_home
    FROM observation_in_set o LEFT JOIN code_set n ON n.name = 'nursing-home' AND n.code = o.value_code
    WHERE o.set_name = 'housing-status' AND o.until_day <= last_day GROUP BY 1
)
SELECT p.id AS person_id
FROM patient p LEFT JOIN frail f ON f.person_id = p.id LEFT JOIN housed h ON h.person_id = p.id
WHERE age_on(p.birth_date_day, last_day) >= 66 AND (h.in_nursing_home
    OR f.person_id IS NOT NULL AND (age_on(p.birth_date_day, last_day) >= 81 OR p.id IN (SELECT person_id FROM ill)));
