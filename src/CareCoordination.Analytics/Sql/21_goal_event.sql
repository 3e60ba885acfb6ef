-- Each change of a goal's lifecycle status or achievement.
CREATE VIEW goal_event AS
SELECT goal_id, patient_id, version, happened_at, happened_day, from_status, to_status, from_achievement, achievement
FROM (
    SELECT _resource AS goal_id, patient_id, _version AS version, _at AS happened_at, _day AS happened_day,
        lag(lifecycle_status) OVER w AS from_status,
        CASE WHEN _change = 'delete' THEN 'deleted' ELSE lifecycle_status END AS to_status,
        lag(achievement) OVER w AS from_achievement, achievement
    FROM goal_version
    WINDOW w AS (PARTITION BY _resource ORDER BY _version)
)
WHERE version = 1 OR from_status IS DISTINCT FROM to_status OR from_achievement IS DISTINCT FROM achievement;
