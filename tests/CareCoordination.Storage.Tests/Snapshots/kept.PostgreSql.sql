-- mine
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Patient", w."Priority", w."Due", CASE WHEN w."Due" < $1 THEN 1 ELSE 0 END AS "Overdue" , COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient" AND f."Kind" = $2 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $3 AND r."Id" = $4) OFFSET 0) i ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p JOIN "Resource" h ON h."Key" = p."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- mine, all
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $1 AND r."Id" = $2)

-- of a pool, next page
SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT i.*
  FROM (SELECT w."ResourceKey", w."Id", w."Patient", w."Priority", w."Due", CASE WHEN w."Due" < $1 THEN 1 ELSE 0 END AS "Overdue" , COALESCE((SELECT f."Rank"
  FROM "PatientFact" f
  WHERE f."Patient" = w."Patient" AND f."Kind" = $2 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1), 0) AS "Risk"
  FROM "WorkItem" w
  WHERE 1 = 1 AND w."Owner" = 0 AND w."Patient" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $3 AND r."Id" = $4) AND w."Status" = ANY($5) AND w."Priority" = $6 AND w."Due" < $7 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."ResourceKey" = w."ResourceKey"  OFFSET 0) OFFSET 0) i
  WHERE i."Priority" <= $10 AND (i."Priority" < $10 OR i."Overdue" < $11 OR (i."Overdue" = $11 AND (i."Risk" < $12 OR (i."Risk" = $12 AND (i."Due" > $13 OR (i."Due" = $13 AND i."Id" > $14)))))) ORDER BY i."Priority" DESC, i."Overdue" DESC, i."Risk" DESC, i."Due", i."Id"  LIMIT 21) p JOIN "Resource" h ON h."Key" = p."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY p."Priority" DESC, p."Overdue" DESC, p."Risk" DESC, p."Due", p."Id" 

-- patients of a manager
SELECT c."Tier", c."InTransition", COUNT(*)
  FROM (SELECT (SELECT f."Tier"
  FROM "PatientFact" f
  WHERE f."Patient" = p."Patient" AND f."Kind" = $1 ORDER BY f."At" DESC, f."ResourceKey" DESC LIMIT 1) AS "Tier", CASE WHEN EXISTS (SELECT 1
  FROM "PatientFact" t
  WHERE t."Patient" = p."Patient" AND t."Kind" = $2 OFFSET 0) THEN 1 ELSE 0 END AS "InTransition"
  FROM (SELECT DISTINCT m."Patient"
  FROM "PatientFact" m
  WHERE m."Manager" = ANY(ARRAY(SELECT r."Key"
  FROM unnest($3, $4) AS q("TypeId", "Id") CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id" UNION ALL SELECT q."Number"
  FROM unnest($5) AS q("Number")))) p) c GROUP BY c."Tier", c."InTransition" 

-- late work of a manager
SELECT COUNT(*)
  FROM "WorkItem" w
  WHERE w."Owner" = ANY(ARRAY(SELECT r."Key"
  FROM unnest($1, $2) AS q("TypeId", "Id") CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id" UNION ALL SELECT q."Number"
  FROM unnest($3) AS q("Number"))) AND w."Due" < $4 AND w."Status" = ANY($5)

-- due timers
SELECT a."At", h."TypeId", h."Id"
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Timer" x
  WHERE x."At" <= $1 ORDER BY x."At", x."ResourceKey"  LIMIT 10) a JOIN "Resource" h ON h."Key" = a."ResourceKey" ORDER BY a."At", a."ResourceKey" 

-- latest readings
SELECT h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Reading" x
  WHERE x."Subject" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $1 AND r."Id" = $2) AND x."Code" = $3 ORDER BY x."At" DESC, x."ResourceKey" DESC LIMIT 8) r JOIN "Resource" h ON h."Key" = r."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY r."At" DESC, r."ResourceKey" DESC

-- first readings of a time
SELECT h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT x."At", x."ResourceKey"
  FROM "Reading" x
  WHERE x."Subject" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $1 AND r."Id" = $2) AND x."Code" = $3 AND x."At" >= $4 AND x."At" <= $5 ORDER BY x."At", x."ResourceKey" LIMIT 8) r JOIN "Resource" h ON h."Key" = r."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"  ORDER BY r."At", r."ResourceKey"
