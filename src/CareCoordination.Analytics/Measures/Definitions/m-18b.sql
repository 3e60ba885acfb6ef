-- id: m-18b
-- name: SocialNeedFound
-- title: Screenings that found a social need
-- description: Of screenings for social needs that were finished in the period and not declined, those of a patient of whom a need was told on that day or the seven days after.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- improvement: decrease
WITH found AS (SELECT s.response_id FROM social_screen s JOIN social_need n ON n.person_id = s.person_id AND n.day BETWEEN s.day AND s.day + 7)
SELECT s.response_id AS event_id, s.person_id AS patient_id, s.day, NOT s.was_answered AS excluded, s.response_id IN (SELECT response_id FROM found) AS numerator,
    NULL AS value, NULL AS weight, NULL AS practitioner_id, NULL AS organization_id, NULL AS programme
FROM social_screen s WHERE s.day BETWEEN $start::DATE AND $end::DATE
