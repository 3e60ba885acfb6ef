-- Denials of patients who deny something of their record to somebody, and until when; of all records of the person.
CREATE VIEW denial AS
SELECT DISTINCT coalesce(w.patient_id, c.patient_id) AS patient_id, c.provision_end_day AS until_day
FROM consent c LEFT JOIN person o ON o.patient_id = c.patient_id LEFT JOIN person w ON w.person_id = o.person_id
WHERE c.status = 'active' AND c.scope_code = 'patient-privacy' AND c.patient_id IS NOT NULL
    AND (c.provision_type = 'deny' OR c.provision_count > 0);

-- Whose denial counts today: whatever it is, nothing of them is shown in bulk. It hides more than they say.
CREATE VIEW denied AS
SELECT DISTINCT patient_id FROM denial WHERE until_day IS NULL OR until_day >= current_date;
