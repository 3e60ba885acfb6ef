-- What the principal diagnosis of a stay says, and the kind of the encounter: the diagnosis of rank 1, or else the first one.
CREATE VIEW stay_kind AS
WITH principal AS (
    SELECT encounter_id, arg_min_null(condition_id, (coalesce(rank, 1000000), diagnosis_index)) AS condition_id FROM encounter_diagnosis GROUP BY 1
)
SELECT encounter_id, bool_or(set_name IN ('pregnancy', 'perinatal')) AS of_birth, bool_or(set_name = 'planned-stay') AS planned
FROM (
    SELECT p.encounter_id, c.set_name FROM principal p JOIN condition_in_set c ON c.condition_id = p.condition_id
    UNION ALL SELECT encounter_id, set_name FROM encounter_in_set
)
GROUP BY 1;

-- Stays of people: encounters of some classes, of which those that begin at most so many days after the end of the one before are one stay.
-- A stay that goes on has no discharge and ends on the last of days, one of which nobody says when it was over on its first. first_* is of the encounter that began it, the rest of the one that ends it.
CREATE MACRO stays(classes, gap) AS TABLE
WITH e AS (
    SELECT n.id, n.patient_id, coalesce(w.person_id, n.patient_id) AS person_id, n.status, n.admit_day, n.admit_at, n.disposition_code,
        n.participant_id, n.service_provider_id, n.discharge_day,
        CASE WHEN n.status <> 'finished' THEN DATE '9999-12-31' ELSE greatest(coalesce(n.discharge_day, n.admit_day), n.admit_day) END AS end_day,
        coalesce(k.planned, false) OR coalesce(n.priority_code IN ('EL', 'R'), false) AS planned, coalesce(k.of_birth, false) AS of_birth
    FROM encounter n LEFT JOIN person w ON w.patient_id = n.patient_id LEFT JOIN stay_kind k ON k.encounter_id = n.id
    WHERE list_contains(classes, n.class_code) AND n.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished') AND n.admit_day IS NOT NULL
),
marked AS (
    SELECT *, max(end_day) OVER (PARTITION BY person_id ORDER BY admit_day, admit_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended FROM e
),
chained AS (
    SELECT *, sum(CASE WHEN ended IS NULL OR admit_day > ended + gap THEN 1 ELSE 0 END) OVER (PARTITION BY person_id ORDER BY admit_day, admit_at, id ROWS UNBOUNDED PRECEDING) AS chain FROM marked
)
SELECT person_id, arg_max(patient_id, (end_day, admit_at, id)) AS patient_id, arg_max(id, (end_day, admit_at, id)) AS stay_id,
    arg_min(id, (admit_day, admit_at, id)) AS first_id, min(admit_day) AS admit_day,
    CASE WHEN bool_and(status = 'finished') AND bool_and(discharge_day IS NOT NULL) THEN max(end_day) END AS discharge_day,
    max(end_day) AS end_day,
    arg_max_null(disposition_code, (end_day, admit_at, id)) AS disposition_code, arg_max_null(participant_id, (end_day, admit_at, id)) AS practitioner_id,
    arg_max_null(service_provider_id, (end_day, admit_at, id)) AS organization_id, arg_min(planned, (admit_day, admit_at, id)) AS first_planned,
    arg_min(of_birth, (admit_day, admit_at, id)) AS first_of_birth, arg_max(of_birth, (end_day, admit_at, id)) AS of_birth
FROM chained GROUP BY person_id, chain;

-- Contacts in which somebody spoke with the patient: visits in person, at home and from afar, and calls that are done.
CREATE VIEW patient_contact AS
SELECT coalesce(w.person_id, e.patient_id) AS person_id, e.admit_day AS day, e.class_code AS kind, NULL AS care_plan_id
FROM encounter e LEFT JOIN person w ON w.patient_id = e.patient_id
WHERE e.class_code IN ('AMB', 'HH', 'VR') AND e.status = 'finished' AND e.admit_day IS NOT NULL
UNION ALL
SELECT coalesce(w.person_id, t.patient_id), coalesce(t.exec_end_day, t.last_modified_day), 'task', t.care_plan_id
FROM task t JOIN code_set s ON s.name = 'contact-task' AND s.system = t.code_system AND s.code = t.code_code LEFT JOIN person w ON w.patient_id = t.patient_id
WHERE t.status = 'completed';
