-- id: m-10b
-- name: ReferralTimeToClose
-- title: Business hours until a referral is completed
-- description: Of referrals that were sent in the period, how long it took until they were completed: hours, without those of days on which nobody works. What was declined or called off before is left out, and what is not completed yet has no time.
-- version: 1.1.0
-- effective: 2020-01-01..
-- scoring: continuous-variable
-- improvement: decrease
-- unit: h
SELECT l.sr_id AS event_id, l.patient_id, l.sent_day AS day, coalesce(l.terminal_status IN ('rejected', 'cancelled'), false) AS excluded,
    l.hours_to_close IS NOT NULL AS numerator, l.hours_to_close AS value, NULL AS weight, asker.id AS practitioner_id, l.recipient_org AS organization_id, plan.template AS programme
FROM referral_hours l LEFT JOIN care_plan plan ON plan.id = l.care_plan_id LEFT JOIN request_worker asker ON asker.sr_id = l.sr_id
WHERE l.sent_day BETWEEN $start::DATE AND $end::DATE
