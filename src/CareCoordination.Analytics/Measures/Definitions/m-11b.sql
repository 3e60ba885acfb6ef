-- id: m-11b
-- name: ReferralCancelled
-- title: Referrals that were called off
-- description: Of referrals that were sent in the period, those that were called off. The reasons are no alternatives: one referral may have several.
-- version: 1.1.0
-- effective: 2020-01-01..
-- improvement: decrease
SELECT l.sr_id AS event_id, l.patient_id, l.sent_day AS day, false AS excluded, coalesce(f.was_cancelled, false) AS numerator,
    NULL AS value, NULL AS weight, asker.id AS practitioner_id, l.recipient_org AS organization_id, plan.template AS programme
FROM referral_hours l JOIN referral_failure f ON f.sr_id = l.sr_id LEFT JOIN care_plan plan ON plan.id = l.care_plan_id LEFT JOIN request_worker asker ON asker.sr_id = l.sr_id
WHERE l.sent_day BETWEEN $start::DATE AND $end::DATE
