-- id: m-19c
-- name: DepressionRemission
-- title: Depression in remission after twelve months
-- description: Of patients of at least 12 years with confirmed depression or dysthymia whose PHQ-9 was over nine from fourteen to two months before the period (the first such is the index), those whose last PHQ-9 from 60 days before to 60 days after twelve months is below five. Depression was known on the day of the index, or at a visit in those months that the index was taken at or up to seven days before; a visit is not asked for. Left out: death, hospice and palliative care, confirmed bipolar, schizophrenic, personality and developmental disorders.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS159, Depression Remission at Twelve Months, https://ecqi.healthit.gov/ecqm/ec/2026/cms0159v14
-- gaps: yes
WITH phq AS (SELECT person_id, effective_day AS day, effective_at, observation_id, value_quantity AS score FROM observation_in_set WHERE set_name = 'phq-9'),
diagnosis AS (SELECT set_name, person_id, coalesce(from_day, DATE '1900-01-01') AS from_day, coalesce(to_day, DATE '9999-12-31') AS to_day FROM condition_in_set WHERE verification_status = 'confirmed'),
visit AS (
    SELECT coalesce(w.person_id, e.patient_id) AS person_id, e.admit_day, e.discharge_day
    FROM encounter e LEFT JOIN person w ON w.patient_id = e.patient_id
    WHERE e.status = 'finished' AND e.class_code IS DISTINCT FROM 'EMER' AND e.class_code IS DISTINCT FROM 'IMP' AND e.class_code IS DISTINCT FROM 'ACUTE' AND e.class_code IS DISTINCT FROM 'NONAC'
        AND e.discharge_day >= ($start::DATE - INTERVAL 14 MONTH)::DATE AND e.discharge_day < ($start::DATE - INTERVAL 2 MONTH)::DATE
),
indexed AS (
    SELECT person_id, min(day) AS day
    FROM (
        SELECT o.person_id, o.day FROM phq o JOIN diagnosis c ON c.person_id = o.person_id AND c.set_name = 'depression' AND c.from_day <= o.day AND c.to_day >= o.day
        WHERE o.score > 9 AND o.day >= ($start::DATE - INTERVAL 14 MONTH)::DATE AND o.day < ($start::DATE - INTERVAL 2 MONTH)::DATE
        UNION ALL
        SELECT o.person_id, o.day FROM phq o JOIN visit v ON v.person_id = o.person_id AND o.day BETWEEN v.admit_day - 7 AND v.discharge_day
            JOIN diagnosis c ON c.person_id = o.person_id AND c.set_name = 'depression' AND c.from_day <= v.discharge_day AND c.to_day >= v.admit_day
        WHERE o.score > 9
    ) WHERE $end::DATE >= $start::DATE GROUP BY 1
),
later AS (
    SELECT i.person_id, arg_max_null(o.score, (o.effective_at, o.observation_id)) AS score FROM indexed i JOIN phq o ON o.person_id = i.person_id
    WHERE o.day BETWEEN (i.day + INTERVAL 12 MONTH)::DATE - 60 AND (i.day + INTERVAL 12 MONTH)::DATE + 60 GROUP BY 1
),
out AS (
    SELECT i.person_id FROM indexed i JOIN diagnosis c ON c.person_id = i.person_id
    WHERE c.set_name IN ('bipolar', 'personality-disorder', 'schizophrenia', 'developmental-disorder') AND c.from_day <= (i.day + INTERVAL 12 MONTH)::DATE + 60
    UNION
    SELECT i.person_id FROM indexed i JOIN hospice_care h ON h.person_id = i.person_id
    WHERE coalesce(h.from_day, DATE '1900-01-01') <= (i.day + INTERVAL 12 MONTH)::DATE + 60 AND coalesce(h.to_day, DATE '9999-12-31') >= ($start::DATE - INTERVAL 14 MONTH)::DATE
    UNION
    SELECT i.person_id FROM indexed i JOIN patient p ON p.id = i.person_id
    WHERE p.deceased AND coalesce(p.deceased_at_day, i.day) <= (i.day + INTERVAL 12 MONTH)::DATE + 60
)
SELECT p.id AS event_id, p.id AS patient_id, i.day, p.id IN (SELECT person_id FROM out) AS excluded, coalesce(l.score < 5, false) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(p.general_practitioner_type, p.general_practitioner_id) AS practitioner_id, p.managing_org_id AS organization_id, NULL AS programme
FROM indexed i JOIN patient p ON p.id = i.person_id LEFT JOIN later l ON l.person_id = i.person_id
WHERE age_on(p.birth_date_day, i.day) >= 12
