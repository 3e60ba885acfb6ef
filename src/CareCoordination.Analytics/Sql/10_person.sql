-- Whom a record of a patient is of: the record that a merge has left. Patient.link of the type replaced-by.
CREATE VIEW person AS
WITH RECURSIVE merged (patient_id, person_id, steps) AS (
    SELECT id, coalesce(merged_into_id, id), CASE WHEN merged_into_id IS NULL THEN 0 ELSE 1 END FROM patient
    UNION ALL
    SELECT m.patient_id, p.merged_into_id, m.steps + 1
    FROM merged m JOIN patient p ON p.id = m.person_id
    WHERE p.merged_into_id IS NOT NULL AND m.steps BETWEEN 1 AND 8
)
SELECT patient_id, arg_max(person_id, steps) AS person_id FROM merged GROUP BY patient_id;
