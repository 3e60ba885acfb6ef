-- id: m-21
-- name: MonthlyMinutes
-- title: Months with at least twenty minutes that may be billed
-- description: Of months of enrolled patients, those with at least twenty minutes of care management, a consent and an active plan. Minutes are those of Tasks and Encounters with the day on which they were worked. Which codes a month is ready for tells the billing status.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: CMS, Chronic Care Management Services, https://www.cms.gov/outreach-and-education/medicare-learning-network-mln/mlnproducts/downloads/chroniccaremanagement.pdf
-- gaps: yes
WITH month AS (SELECT * FROM months_of($start, $end)),
enrolled AS (
    SELECT m.month_start, m.month_end, n.person_id, arg_max_null(n.patient_id, (n.from_day, n.episode_id)) AS patient_id, arg_max_null(n.care_manager_id, (n.from_day, n.episode_id)) AS care_manager_id,
        arg_max_null(n.managing_org_id, (n.from_day, n.episode_id)) AS managing_org_id, arg_max_null(n.program, (n.from_day, n.episode_id)) AS program
    FROM enrolment n JOIN month m ON n.from_day <= m.month_end AND coalesce(n.to_day, DATE '9999-12-31') >= m.month_start GROUP BY 1, 2, 3
),
worked AS (SELECT e.month_start, e.person_id, sum(t.minutes) AS minutes FROM enrolled e JOIN time_entry t ON t.person_id = e.person_id AND t.day BETWEEN e.month_start AND e.month_end GROUP BY 1, 2),
agreed AS (
    SELECT DISTINCT e.month_start, e.person_id FROM enrolled e JOIN person w ON w.person_id = e.person_id JOIN consent c ON c.patient_id = w.patient_id
    WHERE c.status = 'active' AND c.provision_type IS DISTINCT FROM 'deny' AND coalesce(c.date_time_day, c.provision_start_day, e.month_start) <= e.month_end
        AND c.id IN (SELECT consent_id FROM consent_category WHERE system = 'https://carecoordination.example/fhir/CodeSystem/care-program' OR system = 'http://loinc.org' AND code = '59284-0')
),
planned AS (
    SELECT DISTINCT e.month_start, e.person_id FROM enrolled e JOIN plan_status s ON s.person_id = e.person_id AND s.status = 'active' AND s.from_day <= e.month_end AND s.until_day >= e.month_start
)
SELECT e.person_id || '/' || strftime(e.month_start, '%Y-%m') AS event_id, e.patient_id, e.month_end AS day, false AS excluded,
    coalesce(w.minutes >= 20, false) AND a.person_id IS NOT NULL AND p.person_id IS NOT NULL AS numerator, coalesce(w.minutes, 0) AS value, NULL AS weight, e.care_manager_id AS practitioner_id, e.managing_org_id AS organization_id, e.program AS programme
FROM enrolled e LEFT JOIN worked w ON w.person_id = e.person_id AND w.month_start = e.month_start
    LEFT JOIN agreed a ON a.person_id = e.person_id AND a.month_start = e.month_start LEFT JOIN planned p ON p.person_id = e.person_id AND p.month_start = e.month_start
