-- What is in a set of codes. The codes that occur are compared with the sets once, not each row.
CREATE VIEW known_code AS
SELECT u.kind, u.system, u.code, s.name AS set_name
FROM (
    SELECT 'condition' AS kind, system, code FROM condition_code
    UNION SELECT 'encounter', system, code FROM encounter_code
    UNION SELECT 'procedure', system, code FROM procedure_code
    UNION SELECT 'device', system, code FROM device_order_code
    UNION SELECT 'medicine', system, code FROM dispense_code
    UNION SELECT 'medicine', system, code FROM medication_code
    UNION SELECT 'medicine', system, code FROM medicine_order_code
) u JOIN code_set s ON s.system = u.system AND (s.code = u.code OR s.is_prefix AND starts_with(u.code, s.code));

-- Conditions that were not refuted, and from when to when. One that is over and does not say since when is known of its first day alone,
-- one that does not say from when on has always been there.
CREATE VIEW condition_in_set AS
SELECT DISTINCT s.set_name, c.id AS condition_id, coalesce(w.person_id, c.patient_id) AS person_id,
    coalesce(c.onset_day, c.recorded_date_day) AS from_day,
    coalesce(c.abatement_day, CASE WHEN c.has_abated OR c.clinical_status IN ('inactive', 'remission', 'resolved') THEN coalesce(c.onset_day, c.recorded_date_day, DATE '1900-01-01') END) AS to_day,
    coalesce(c.recorded_date_day, c.onset_day) AS told_day, coalesce(c.verification_status, 'confirmed') AS verification_status
FROM condition_code k JOIN known_code s ON s.kind = 'condition' AND s.system = k.system AND s.code = k.code
    JOIN "condition" c ON c.id = k.condition_id LEFT JOIN person w ON w.patient_id = c.patient_id
WHERE c.verification_status IS DISTINCT FROM 'refuted';

CREATE VIEW encounter_in_set AS
SELECT DISTINCT s.set_name, k.encounter_id
FROM encounter_code k JOIN known_code s ON s.kind = 'encounter' AND s.system = k.system AND s.code = k.code;

-- Observations that count: final, amended and corrected ones. What took some time is of its last day too.
CREATE VIEW observation_in_set AS
SELECT s.name AS set_name, o.id AS observation_id, coalesce(w.person_id, o.patient_id) AS person_id, o.effective_day, o.effective_at,
    coalesce(o.effective_end_day, o.effective_day) AS until_day, coalesce(o.value_quantity, o.value_integer) AS value_quantity, o.value_comparator, o.unit, o.value_system, o.value_code,
    coalesce(o.value_quantity, o.value_integer) IS NOT NULL OR o.value_code IS NOT NULL OR o.value_text IS NOT NULL OR o.value_boolean IS NOT NULL OR o.value_date_time IS NOT NULL AS has_value,
    o.encounter_id
FROM observation o JOIN code_set s ON s.system = o.code_system AND s.code = o.code_code LEFT JOIN person w ON w.patient_id = o.patient_id
WHERE o.status IN ('final', 'amended', 'corrected');

-- What was done, or is being done, and from when to when. An end that a period does not tell is none.
CREATE VIEW procedure_in_set AS
SELECT DISTINCT s.set_name, k.procedure_id, coalesce(w.person_id, k.patient_id) AS person_id, k.status, k.begun_day AS from_day, k.ended_day AS to_day
FROM procedure_code k JOIN known_code s ON s.kind = 'procedure' AND s.system = k.system AND s.code = k.code
    LEFT JOIN person w ON w.patient_id = k.patient_id
WHERE k.status IN ('completed', 'in-progress');

-- Fills, by the class of the medicine and the code that says which one it is.
CREATE VIEW fill_in_set AS
WITH coded AS (
    SELECT k.dispense_id, k.system, k.code FROM dispense_code k
    UNION
    SELECT d.id, m.system, m.code FROM medication_dispense d JOIN medication_code m ON m.medication_id = d.medication_id
)
SELECT s.set_name, d.id AS dispense_id, coalesce(w.person_id, d.patient_id) AS person_id,
    coalesce(d.when_handed_over_day, d.when_prepared_day) AS fill_day, supply_days(d.days_supply, d.days_supply_unit) AS supply, min(k.system || '|' || k.code) AS medicine
FROM coded k JOIN known_code s ON s.kind = 'medicine' AND s.system = k.system AND s.code = k.code
    JOIN medication_dispense d ON d.id = k.dispense_id LEFT JOIN person w ON w.patient_id = d.patient_id
WHERE d.status = 'completed' AND supply_days(d.days_supply, d.days_supply_unit) >= 1 AND coalesce(d.when_handed_over_day, d.when_prepared_day) IS NOT NULL
GROUP BY ALL;

-- Active orders of medicines, and how long what they give lasts. Of one that does not tell it is known on its day alone.
CREATE VIEW medicine_order_in_set AS
WITH coded AS (
    SELECT order_id, system, code FROM medicine_order_code
    UNION
    SELECT o.order_id, m.system, m.code FROM medicine_order_code o JOIN medication_code m ON m.medication_id = o.medication_id
)
SELECT DISTINCT s.set_name, o.order_id, coalesce(w.person_id, o.patient_id) AS person_id, o.authored_on_day AS from_day,
    o.authored_on_day + greatest(coalesce(supply_days(o.supply::DOUBLE * (1 + coalesce(o.repeats, 0)::DOUBLE), o.supply_unit), 1) - 1, 0) AS to_day
FROM coded k JOIN known_code s ON s.kind = 'medicine' AND s.system = k.system AND s.code = k.code
    JOIN medicine_order_code o ON o.order_id = k.order_id LEFT JOIN person w ON w.patient_id = o.patient_id
WHERE o.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order');
