-- mine
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Priority", w."Due", CASE WHEN w."Due" < @p0 THEN 1 ELSE 0 END AS "Overdue", COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient"  AND f."Kind" = @p1 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" IN ((SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p2 AND r."Id" = @p3))) i ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p CROSS JOIN "Resource" h ON h."Key" = p."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- mine, all
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" IN ((SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1))

-- of a pool, next page
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Priority", w."Due", CASE WHEN w."Due" < @p0 THEN 1 ELSE 0 END AS "Overdue", COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient"  AND f."Kind" = @p1 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = 0 AND w."Patient" IN ((SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p2 AND r."Id" = @p3)) AND w."Status"  IN (@p4, @p5) AND w."Priority"  IN (@p6) AND w."Due" < @p7 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p8 AND x."Check" = @p9 AND x."ResourceKey" = w."ResourceKey" )) i
  WHERE i."Priority" <= @p10 AND (i."Priority" < @p10 OR i."Overdue" < @p11 OR (i."Overdue" = @p11 AND (i."Risk" < @p12 OR (i."Risk" = @p12 AND (i."Due" > @p13 OR (i."Due" = @p13 AND i."Id" > @p14)))))) ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p CROSS JOIN "Resource" h ON h."Key" = p."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- patients of a manager
SELECT c."Tier", c."InTransition", COUNT(*)
  FROM (SELECT (SELECT f."Tier"
  FROM "PatientFact" f
  WHERE f."Patient" = p."Patient"  AND f."Kind" = @p0 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1) AS "Tier", CASE WHEN EXISTS (SELECT 1
  FROM "PatientFact" t
  WHERE t."Patient" = p."Patient" AND t."Kind" = @p1) THEN 1 ELSE 0 END AS "InTransition"
  FROM (SELECT DISTINCT m."Patient"
  FROM "PatientFact" m
  WHERE m."Manager" IN ((SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p2 AND r."Id" = @p3), @p4)) p) c GROUP BY c."Tier", c."InTransition" 

-- late work of a manager
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE w."Owner" IN ((SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1), @p2) AND w."Due" < @p3 AND w."Status"  IN (@p4, @p5)

-- due alarms
SELECT a."At", h."TypeId", h."Id"
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Alarm" x
  WHERE x."At" <= @p0 ORDER BY x."At", x."ResourceKey"  LIMIT 10) a CROSS JOIN "Resource" h ON h."Key" = a."ResourceKey" ORDER BY a."At", a."ResourceKey" 
