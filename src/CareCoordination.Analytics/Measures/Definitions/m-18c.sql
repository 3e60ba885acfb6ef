-- id: m-18c
-- name: SocialNeedReferred
-- title: Social needs that were referred within thirty days
-- description: Of social needs that were told in the period, those for which help of the same domain was ordered within thirty days. A proposal or a plan is no order. A need is one in each of its domains.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- gaps: yes
WITH helped AS MATERIALIZED (SELECT DISTINCT condition_id || '/' || domain AS need FROM social_help)
SELECT n.condition_id || '/' || n.domain AS event_id, n.patient_id, n.day, false AS excluded,
    n.condition_id || '/' || n.domain IN (SELECT need FROM helped) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, n.domain AS programme
FROM social_need n WHERE n.day BETWEEN $start::DATE AND $end::DATE
