-- Who was in hospice or palliative care, and from when to when. An end that nobody told is none.
CREATE VIEW hospice_care AS
SELECT set_name AS kind, person_id, from_day, to_day FROM condition_in_set WHERE set_name IN ('hospice', 'palliative')
UNION ALL
SELECT s.set_name, coalesce(w.person_id, e.patient_id), e.admit_day, e.discharge_day
FROM encounter e JOIN encounter_in_set s ON s.encounter_id = e.id LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE s.set_name IN ('hospice', 'palliative') AND e.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
UNION ALL
SELECT 'hospice', coalesce(w.person_id, e.patient_id), e.discharge_day, NULL
FROM encounter e JOIN code_set s ON s.name = 'hospice-disposition' AND s.code = e.disposition_code LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.status = 'finished'
UNION ALL
SELECT s.name, coalesce(w.person_id, r.patient_id), r.authored_on_day, NULL
FROM service_request r JOIN code_set s ON s.system = r.code_system AND s.code = r.code_code LEFT JOIN person w ON w.patient_id = r.patient_id
WHERE s.name IN ('hospice', 'palliative') AND r.status IN ('active', 'completed') AND r.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order')
    AND coalesce(r.do_not_perform, false) = false;

-- Whoever was in such care in a period.
CREATE MACRO in_hospice(first_day, last_day) AS TABLE
SELECT DISTINCT kind, person_id FROM hospice_care
WHERE coalesce(from_day, DATE '1900-01-01') <= last_day AND coalesce(to_day, DATE '9999-12-31') >= first_day;

-- Whom the frailty rules of CMS122 and CMS165 leave out: from 66 on who lives in a nursing home, from 66 to 80 whose frailty was told on
-- two days of the period and whose advanced illness on two of it or the year before, from 81 on whose frailty was.
CREATE MACRO too_frail(first_day, last_day) AS TABLE
WITH told AS (
    SELECT person_id,
        count(DISTINCT told_day) FILTER (set_name = 'frailty' AND told_day BETWEEN first_day AND last_day) AS frail,
        count(DISTINCT told_day) FILTER (set_name = 'advanced-illness' AND told_day BETWEEN (first_day - INTERVAL 1 YEAR)::DATE AND last_day) AS ill
    FROM condition_in_set WHERE set_name IN ('frailty', 'advanced-illness') GROUP BY 1
),
housed AS (
    SELECT o.person_id, arg_max(n.name IS NOT NULL, o.effective_at) AS in_nursing_home
    FROM observation_in_set o LEFT JOIN code_set n ON n.name = 'nursing-home' AND n.code = o.value_code
    WHERE o.set_name = 'housing-status' AND o.effective_day <= last_day GROUP BY 1
)
SELECT p.id AS person_id
FROM patient p LEFT JOIN told t ON t.person_id = p.id LEFT JOIN housed h ON h.person_id = p.id
WHERE age_on(p.birth_date_day, last_day) >= 66 AND (h.in_nursing_home
    OR t.frail >= 2 AND (t.ill >= 2 OR age_on(p.birth_date_day, last_day) >= 81));
