-- id: m-18a
-- name: SocialScreening
-- title: Screened for social needs
-- description: Of adults who were enrolled on at least thirty days of the period, in whatever programmes, those with a finished screening for social needs (AHC HRSN or PRAPARE) in it. Left out: who declined every question that has an answer.
-- version: 1.1.0
-- effective: 2020-01-01..
-- source: Gravity Project, SDOH Clinical Care, http://hl7.org/fhir/us/sdoh-clinicalcare/
-- gaps: yes
WITH span AS (
    SELECT person_id, episode_id, patient_id, care_manager_id, managing_org_id, program, from_day AS begun, greatest(from_day, $start::DATE) AS from_day,
        least(coalesce(to_day, $end::DATE), $end::DATE) AS to_day
    FROM enrolment WHERE from_day <= $end::DATE AND coalesce(to_day, $end::DATE) >= greatest(from_day, $start::DATE)
),
apart AS (
    SELECT *, coalesce(max(to_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day, episode_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '1900-01-01') AS before FROM span
),
adult AS (
    SELECT n.person_id, arg_max_null(n.patient_id, (n.begun, n.episode_id)) AS patient_id, min(n.from_day) AS day, arg_max_null(n.care_manager_id, (n.begun, n.episode_id)) AS care_manager_id,
        arg_max_null(n.managing_org_id, (n.begun, n.episode_id)) AS managing_org_id, arg_max_null(n.program, (n.begun, n.episode_id)) AS program
    FROM apart n JOIN patient p ON p.id = n.person_id
    WHERE age_on(p.birth_date_day, $end::DATE) >= 18
    GROUP BY 1 HAVING sum(greatest(0, n.to_day - greatest(n.from_day, n.before + 1) + 1)) >= 30
),
screened AS (SELECT person_id, bool_or(was_answered) AS was_answered FROM social_screen WHERE day BETWEEN $start::DATE AND $end::DATE GROUP BY 1)
SELECT a.person_id AS event_id, a.patient_id, a.day, coalesce(NOT s.was_answered, false) AS excluded, coalesce(s.was_answered, false) AS numerator,
    NULL AS value, NULL AS weight, a.care_manager_id AS practitioner_id, a.managing_org_id AS organization_id, a.program AS programme
FROM adult a LEFT JOIN screened s ON s.person_id = a.person_id
