-- Patients who deny something of their record to somebody: whatever it is, nothing of them is shown in bulk. It hides more than they say.
CREATE VIEW denied AS
SELECT DISTINCT coalesce(w.patient_id, c.patient_id) AS patient_id
FROM consent c LEFT JOIN person o ON o.patient_id = c.patient_id LEFT JOIN person w ON w.person_id = o.person_id
WHERE c.status = 'active' AND c.scope_code = 'patient-privacy' AND c.patient_id IS NOT NULL
    AND (c.provision_type = 'deny' OR c.provision_count > 0)
    AND (c.provision_end_day IS NULL OR c.provision_end_day >= current_date);
