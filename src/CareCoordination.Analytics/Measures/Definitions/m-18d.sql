-- id: m-18d
-- name: SocialNeedMet
-- title: Social needs that were met
-- description: Of social needs that were told in the period and for which help was ordered within thirty days, those that are over, or whose goal is achieved. The programme of a row is the domain of the need.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- gaps: yes
WITH helped AS MATERIALIZED (SELECT condition_id || '/' || domain AS need, goal_id FROM social_help),
met AS (SELECT h.need FROM helped h JOIN goal g ON g.id = h.goal_id WHERE g.achievement_code IN ('achieved', 'sustaining'))
SELECT n.condition_id || '/' || n.domain AS event_id, n.patient_id, n.day, false AS excluded,
    n.is_over OR n.condition_id || '/' || n.domain IN (SELECT need FROM met) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, n.domain AS programme
FROM social_need n WHERE n.day BETWEEN $start::DATE AND $end::DATE AND n.condition_id || '/' || n.domain IN (SELECT need FROM helped)
