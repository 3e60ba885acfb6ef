-- id: m-11d
-- name: ReferralTimedOut
-- title: Referrals that nobody answered in time
-- description: Of referrals that were sent in the period, those that somebody had to chase, because no answer came in time or nothing moved. A task is of the referral that it is based on, or else of its focus. The reasons are no alternatives: one referral may have several.
-- version: 1.1.0
-- effective: 2020-01-01..
-- improvement: decrease
SELECT l.sr_id AS event_id, l.patient_id, l.sent_day AS day, false AS excluded, coalesce(f.was_late, false) AS numerator,
    NULL AS value, NULL AS weight, asker.id AS practitioner_id, l.recipient_org AS organization_id, plan.template AS programme
FROM referral_hours l JOIN referral_failure f ON f.sr_id = l.sr_id LEFT JOIN care_plan plan ON plan.id = l.care_plan_id LEFT JOIN request_worker asker ON asker.sr_id = l.sr_id
WHERE l.sent_day BETWEEN $start::DATE AND $end::DATE
