-- id: m-18c
-- name: SocialNeedReferred
-- title: Social needs that were referred within thirty days
-- description: Of social needs that were told in the period, those for which help of the same domain was ordered within thirty days. A proposal is no order.
-- version: 1.0.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- gaps: yes
WITH need AS (
    SELECT c.id AS condition_id, d.domain, c.patient_id, coalesce(w.person_id, c.patient_id) AS person_id, coalesce(c.recorded_date_day, c.onset_day) AS day,
        c.has_abated OR coalesce(c.clinical_status IN ('inactive', 'remission', 'resolved'), false) AS is_over
    FROM "condition" c JOIN condition_domain d ON d.condition_id = c.id LEFT JOIN person w ON w.patient_id = c.patient_id
    WHERE c.verification_status IS DISTINCT FROM 'refuted' AND coalesce(c.recorded_date_day, c.onset_day) BETWEEN $start::DATE AND $end::DATE
),
ordered AS (
    SELECT coalesce(w.person_id, r.patient_id) AS person_id, r.sdoh_category AS domain, r.authored_on_day AS day
    FROM service_request r LEFT JOIN person w ON w.patient_id = r.patient_id
    WHERE r.sdoh_category IS NOT NULL AND r.status IN ('active', 'completed', 'on-hold') AND r.intent NOT IN ('proposal', 'option') AND coalesce(r.do_not_perform, false) = false
),
help AS (
    SELECT n.condition_id, n.domain FROM need n JOIN ordered r ON r.person_id = n.person_id AND r.domain = n.domain AND r.day BETWEEN n.day AND n.day + 30
)
SELECT n.condition_id || '/' || n.domain AS event_id, n.patient_id, n.day, false AS excluded,
    (n.condition_id, n.domain) IN (SELECT (condition_id, domain) FROM help) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, n.domain AS programme
FROM need n
