-- mine
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Patient", w."Priority", w."Due", CASE WHEN w."Due" < @p0 THEN 1 ELSE 0 END AS "Overdue" , COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient" AND f."Kind" = @p1 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p2 AND r."Id" = @p3)) i ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p CROSS JOIN "Resource" h ON h."Key" = p."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- mine, all
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1)

-- of a pool, next page
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Patient", w."Priority", w."Due", CASE WHEN w."Due" < @p0 THEN 1 ELSE 0 END AS "Overdue" , COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient" AND f."Kind" = @p1 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = 0 AND w."Patient" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p2 AND r."Id" = @p3) AND w."Status" IN (SELECT value
  FROM json_each(@p4)) AND w."Priority" = @p5 AND w."Due" < @p6 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."ResourceKey" = w."ResourceKey" )) i
  WHERE i."Priority" <= @p9 AND (i."Priority" < @p9 OR i."Overdue" < @p10 OR (i."Overdue" = @p10 AND (i."Risk" < @p11 OR (i."Risk" = @p11 AND (i."Due" > @p12 OR (i."Due" = @p12 AND i."Id" > @p13)))))) ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p CROSS JOIN "Resource" h ON h."Key" = p."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- patients of a manager
SELECT c."Tier", c."InTransition", COUNT(*)
  FROM (SELECT (SELECT f."Tier"
  FROM "PatientFact" f
  WHERE f."Patient" = p."Patient" AND f."Kind" = @p0 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1) AS "Tier", CASE WHEN EXISTS (SELECT 1
  FROM "PatientFact" t
  WHERE t."Patient" = p."Patient" AND t."Kind" = @p1) THEN 1 ELSE 0 END AS "InTransition"
  FROM (SELECT DISTINCT m."Patient"
  FROM "PatientFact" m
  WHERE m."Manager" IN (SELECT r."Key"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "TypeId", j.value ->> 1 AS "Id"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id" UNION ALL SELECT q."Number"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Number"
  FROM json_each(@p3) j) SELECT *
  FROM m) q)) p) c GROUP BY c."Tier", c."InTransition" 

-- late work of a manager
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE w."Owner" IN (SELECT r."Key"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "TypeId", j.value ->> 1 AS "Id"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id" UNION ALL SELECT q."Number"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Number"
  FROM json_each(@p1) j) SELECT *
  FROM m) q) AND w."Due" < @p2 AND w."Status" IN (SELECT value
  FROM json_each(@p3))

-- due timers
SELECT a."At", h."TypeId", h."Id"
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Timer" x
  WHERE x."At" <= @p0 ORDER BY x."At", x."ResourceKey"  LIMIT 10) a CROSS JOIN "Resource" h ON h."Key" = a."ResourceKey" ORDER BY a."At", a."ResourceKey" 

-- latest readings
SELECT h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Reading" x
  WHERE x."Subject" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Code" = @p2 ORDER BY x."At" DESC, x."ResourceKey" DESC LIMIT 8) r CROSS JOIN "Resource" h ON h."Key" = r."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY r."At" DESC, r."ResourceKey" DESC

-- first readings of a time
SELECT h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Reading" x
  WHERE x."Subject" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Code" = @p2 AND x."At" >= @p3 AND x."At" <= @p4 ORDER BY x."At", x."ResourceKey" LIMIT 8) r CROSS JOIN "Resource" h ON h."Key" = r."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY r."At", r."ResourceKey"
