-- By whose settings an organisation works: its own, or those of the nearest organisation that it is part of, of six. Others work by those of
-- the server, which have no name.
CREATE VIEW organization_policy AS
WITH RECURSIVE above (organization_id, above_id, steps) AS (
    SELECT id, id, 0 FROM organization
    UNION ALL
    SELECT a.organization_id, o.part_of_id, a.steps + 1
    FROM above a JOIN organization o ON o.id = a.above_id
    WHERE o.part_of_id IS NOT NULL AND a.steps < 6 AND a.above_id NOT IN (SELECT policy_id FROM mirror_policy)
)
SELECT a.organization_id, arg_min(p.policy_id, a.steps) AS policy_id FROM above a JOIN mirror_policy p ON p.policy_id = a.above_id GROUP BY 1
UNION ALL
SELECT policy_id, policy_id FROM mirror_policy WHERE policy_id <> '' AND policy_id NOT IN (SELECT id FROM organization);

-- A person and their roles are one worker: episodes and tasks name the one or the other.
CREATE VIEW care_worker AS
SELECT 'PractitionerRole/' || r.id AS name, coalesce('Practitioner/' || r.practitioner_id, 'PractitionerRole/' || r.id) AS manager,
    coalesce(p.policy_id, '') AS policy_id, coalesce(r.active, true) AS is_active
FROM practitioner_role r LEFT JOIN organization_policy p ON p.organization_id = r.organization_id;

-- By whose settings a worker works: those of their first role that is in use, by its id.
CREATE VIEW worker_policy AS
SELECT w.manager, w.policy_id, p.zone
FROM (SELECT manager, arg_min(policy_id, (NOT is_active, name)) AS policy_id FROM care_worker GROUP BY 1) w JOIN mirror_policy p ON p.policy_id = w.policy_id;
