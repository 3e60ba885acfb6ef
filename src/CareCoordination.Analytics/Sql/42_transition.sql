-- The plan of the thirty days after a discharge to the community, with its discharge, its risk and its deadlines. The tier is high where an
-- assessment of the stay says so, or else the last one before the discharge or on its day. The deadline of the contact is the second
-- business day after the discharge, by the calendar of the server.
CREATE VIEW transition AS
WITH tier AS (
    SELECT coalesce(w.person_id, r.patient_id) AS person_id, r.encounter_id, coalesce(r.occurrence_day, r.last_updated_day) AS day, r.risk_assessment_id,
        r.qualitative_risk_code AS code
    FROM risk_assessment r LEFT JOIN person w ON w.patient_id = r.patient_id
    WHERE r.status IN ('final', 'amended', 'corrected') AND r.qualitative_risk_code IS NOT NULL
),
plan AS (
    SELECT p.id AS plan_id, p.patient_id, coalesce(w.person_id, p.patient_id) AS person_id, p.status, p.template, p.encounter_id AS stay_id,
        coalesce(e.discharge_day, p.period_start_day) AS discharge_day, CASE WHEN contains(e.discharge, 'T') THEN e.discharge_at END AS left_at, e.disposition_code, e.service_provider_id AS organization_id
    FROM care_plan p LEFT JOIN encounter e ON e.id = p.encounter_id LEFT JOIN person w ON w.patient_id = p.patient_id
    WHERE p.status IN ('active', 'on-hold', 'completed') AND (contains(coalesce(p.template, ''), 'tcm-30d') OR p.id IN (
        SELECT care_plan_id FROM plan_category WHERE system = 'https://carecoordination.example/fhir/CodeSystem/transition-plan' AND code = 'transitional-care'))
        AND (e.disposition_code IS NULL OR e.disposition_code IN (SELECT code FROM code_set WHERE name = 'home-disposition'))
),
of_stay AS (SELECT encounter_id, bool_or(code = 'high') AS is_high FROM tier WHERE encounter_id IS NOT NULL GROUP BY 1),
earlier AS (
    SELECT p.plan_id, arg_max(t.code, (t.day, t.risk_assessment_id)) = 'high' AS is_high
    FROM plan p JOIN tier t ON t.person_id = p.person_id AND t.day <= p.discharge_day GROUP BY 1
),
manager AS (
    SELECT coalesce(w.person_id, e.patient_id) AS person_id, arg_max(e.care_manager_id, (coalesce(e.period_start_at, TIMESTAMPTZ '1900-01-01 00:00:00+00'), e.id)) AS care_manager_id
    FROM episode_of_care e LEFT JOIN person w ON w.patient_id = e.patient_id WHERE e.status NOT IN ('planned', 'waitlist', 'cancelled') GROUP BY 1
)
SELECT p.*, coalesce(s.is_high, b.is_high, false) AS is_high, due.day AS contact_due,
    p.discharge_day + CASE WHEN coalesce(s.is_high, b.is_high, false) THEN 7 ELSE 14 END AS visit_due, m.care_manager_id
FROM plan p LEFT JOIN of_stay s ON s.encounter_id = p.stay_id LEFT JOIN earlier b ON b.plan_id = p.plan_id LEFT JOIN manager m ON m.person_id = p.person_id
    LEFT JOIN calendar_day c ON c.day = p.discharge_day LEFT JOIN calendar_day due ON due.is_business AND due.number = c.number + 2;

-- Until when a transition could be worked on: the day before the patient came back to a hospital, or died. Who comes back on the next day is back,
-- whatever is one stay elsewhere; on the day of the discharge who comes later than they left.
CREATE VIEW transition_end AS
WITH came AS MATERIALIZED (
    SELECT e.id, coalesce(w.person_id, e.patient_id) AS person_id, e.admit_day, e.admit_at
    FROM encounter e LEFT JOIN person w ON w.patient_id = e.patient_id
    WHERE e.class_code IN ('IMP', 'ACUTE', 'OBSENC') AND e.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
),
under_way AS MATERIALIZED (SELECT plan_id, person_id, stay_id, discharge_day, left_at FROM transition)
SELECT plan_id, min(day) AS day
FROM (
    SELECT t.plan_id, c.admit_day AS day
    FROM under_way t JOIN came c ON c.person_id = t.person_id
    WHERE c.id IS DISTINCT FROM t.stay_id AND (c.admit_day > t.discharge_day OR c.admit_day = t.discharge_day AND c.admit_at >= t.left_at)
    UNION ALL
    SELECT t.plan_id, coalesce(p.deceased_at_day, p.last_updated_day) FROM under_way t JOIN patient p ON p.id = t.person_id WHERE p.deceased
) GROUP BY 1;

-- The tasks of plans: those that a plan names, and those that name the plan.
CREATE VIEW plan_task AS
SELECT care_plan_id AS plan_id, ref_id AS task_id FROM care_plan_activity WHERE ref_type = 'Task'
UNION SELECT care_plan_id, id FROM task WHERE care_plan_id IS NOT NULL;
