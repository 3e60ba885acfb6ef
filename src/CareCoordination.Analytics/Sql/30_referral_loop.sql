-- The tasks of referrals: what a task is based on says which it is of, or else its focus. What a referral gives people here to do is no try at it.
CREATE VIEW referral_task AS
SELECT CASE WHEN based_on_type = 'ServiceRequest' THEN based_on_id ELSE focus_id END AS sr_id, coalesce(last_modified_at, last_updated_at) AS told_at,
    coalesce(code_system = 'https://carecoordination.example/fhir/CodeSystem/referral-work', false) AS is_work, *
FROM task WHERE based_on_type = 'ServiceRequest' OR focus_type = 'ServiceRequest';

-- Who asked for it, where it is somebody who works here: an organisation is no practitioner.
CREATE VIEW request_worker AS SELECT id AS sr_id, requester_id AS id FROM service_request WHERE requester_type IN ('Practitioner', 'PractitionerRole');

-- One row for each referral: what became of it, by the versions of its tasks. A referral that was sent again has the tasks of all tries; what it
-- gives people here to do is no try. How it stands says the try that was changed last, whatever those before said.
CREATE VIEW referral_loop AS
WITH loop_task AS (SELECT * FROM referral_task WHERE NOT is_work),
of_events AS (
    SELECT t.sr_id,
        min(e.happened_at) FILTER (e.to_status = 'requested') AS sent_at,
        min(e.happened_at) FILTER (e.to_status = 'received') AS delivered_at,
        min(e.happened_at) FILTER (e.to_status = 'accepted') AS accepted_at,
        min(e.happened_at) FILTER (e.business_status IN ('scheduled', 'appointment-scheduled', 'booked')) AS first_scheduled_at,
        count(*) FILTER (e.business_status = 'no-show' AND e.from_business_status IS DISTINCT FROM 'no-show') AS no_show_events,
        max(e.happened_at) FILTER (e.to_status = 'completed') AS completed_at,
        max(e.happened_at) FILTER (e.to_status IN ('rejected', 'cancelled', 'failed', 'completed')) AS ended_at
    FROM loop_task t JOIN task_event e ON e.task_id = t.id
    GROUP BY 1
),
of_tasks AS (
    SELECT sr_id, count(*) AS attempts, max(no_show_count) AS no_show_count,
        arg_max_null(status, (told_at, id)) AS status, arg_max_null(business_status_code, (told_at, id)) AS business_status,
        arg_max(owner_id, (told_at, id)) FILTER (owner_type = 'Organization') AS recipient_org,
        bool_or(status = 'completed' AND output_count > 0) AS report_received, bool_or(status = 'completed') AS is_completed
    FROM loop_task GROUP BY 1
)
SELECT s.id AS sr_id, s.patient_id, s.category_code AS category, s.code_code AS code, s.status AS sr_status, s.placer_id,
    s.authored_on_at AS authored_on, s.authored_on_day, e.sent_at, e.delivered_at, e.accepted_at, e.first_scheduled_at,
    greatest(coalesce(t.no_show_count, 0), coalesce(e.no_show_events, 0)) AS no_show_count, e.completed_at,
    CASE WHEN t.status IN ('completed', 'rejected', 'cancelled', 'failed') THEN t.status END AS terminal_status, t.business_status,
    t.recipient_org, coalesce(t.attempts, 0) AS attempts, coalesce(t.report_received, false) AS report_received,
    coalesce(t.is_completed AND t.report_received, false) AS loop_closed,
    date_diff('second', e.sent_at, e.accepted_at) / 86400.0 AS days_to_accept,
    date_diff('second', e.sent_at, e.completed_at) / 86400.0 AS days_to_close, s.requester_id, s.care_plan_id, s.goal_id
FROM service_request s LEFT JOIN of_tasks t ON t.sr_id = s.id LEFT JOIN of_events e ON e.sr_id = s.id
WHERE s.intent IN ('order', 'original-order', 'instance-order', 'filler-order', 'reflex-order');
