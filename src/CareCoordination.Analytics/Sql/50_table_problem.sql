-- How many resources are not in a table as they are, since their data does not suit it.
CREATE VIEW table_problem AS
SELECT resource_type, table_name, count(DISTINCT resource_id) AS resources FROM mirror_problem GROUP BY ALL;
