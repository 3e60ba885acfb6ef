-- Each change of a plan's status.
CREATE VIEW plan_event AS
SELECT plan_id, patient_id, version, happened_at, happened_day, from_status, to_status, goals, activities
FROM (
    SELECT _resource AS plan_id, patient_id, _version AS version, _at AS happened_at, _day AS happened_day, lag(status) OVER w AS from_status,
        CASE WHEN _change = 'delete' THEN 'deleted' ELSE status END AS to_status, goals, activities
    FROM plan_version
    WINDOW w AS (PARTITION BY _resource ORDER BY _version)
)
WHERE version = 1 OR from_status IS DISTINCT FROM to_status;
