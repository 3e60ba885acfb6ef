-- Each change of a task's status or business status, to the version that made it.
CREATE VIEW task_event AS
SELECT task_id, patient_id, version, happened_at, happened_day, from_status, to_status, from_business_status, business_status, status_reason, owner, focus_sr_id
FROM (
    SELECT _resource AS task_id, patient_id, _version AS version, _at AS happened_at, _day AS happened_day, _change AS change,
        lag(status) OVER w AS from_status, CASE WHEN _change = 'delete' THEN 'deleted' ELSE status END AS to_status,
        lag(business_status) OVER w AS from_business_status, business_status, status_reason, owner, focus_sr_id
    FROM task_version
    WINDOW w AS (PARTITION BY _resource ORDER BY _version)
)
WHERE version = 1 OR from_status IS DISTINCT FROM to_status OR from_business_status IS DISTINCT FROM business_status;
