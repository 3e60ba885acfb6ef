-- id: m-17a
-- name: OverdueBacklog
-- title: Tasks that are overdue
-- description: Of tasks that were open at the end of the last day of the period, those that were due by then, by the versions of that day.
-- version: 1.1.0
-- effective: 2020-01-01..
-- improvement: decrease
WITH seen AS (
    SELECT _resource AS task_id, arg_max(_change, _version) AS change, arg_max_null(patient_id, _version) AS patient_id, arg_max_null(status, _version) AS status,
        max(_version) AS version
    FROM task_version WHERE _day <= $end::DATE GROUP BY 1
)
SELECT s.task_id AS event_id, s.patient_id, $end::DATE AS day, false AS excluded, coalesce(v.due_day <= $end::DATE, false) AS numerator,
    NULL AS value, NULL AS weight, practitioner_of(split_part(v.owner, '/', 1), split_part(v.owner, '/', 2)) AS practitioner_id, NULL AS organization_id, plan.template AS programme
FROM seen s JOIN task_version v ON v._resource = s.task_id AND v._version = s.version LEFT JOIN care_plan plan ON plan.id = v.care_plan_id
WHERE s.change <> 'delete' AND s.status IN ('requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold') AND s.patient_id IS NOT NULL
