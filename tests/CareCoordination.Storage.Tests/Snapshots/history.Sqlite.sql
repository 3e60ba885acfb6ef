-- all
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 ORDER BY v."Sequence" DESC LIMIT 21

-- all, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" < @p0 ORDER BY v."Sequence" DESC LIMIT 21

-- all since
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" >= @p0 AND v."Sequence" < @p1 AND v."LastUpdated" >= @p2 ORDER BY v."Sequence" DESC LIMIT 21

-- a type
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 ORDER BY v."Sequence" DESC LIMIT 21

-- a type at, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 AND v."Sequence" >= @p1 AND v."Sequence" < @p2 AND v."LastUpdated" < @p3 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= @p4) ORDER BY v."Sequence" DESC LIMIT 21

-- versions of a type
SELECT COUNT(*)
  FROM "ResourceVersion" v CROSS JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 AND v."Sequence" >= @p1 AND v."Sequence" < @p2 AND v."LastUpdated" < @p3 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= @p4)

-- one
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h CROSS JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1 ORDER BY v."Sequence" DESC LIMIT 21

-- one since, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h CROSS JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1 AND v."Sequence" < @p2 AND v."LastUpdated" >= @p3 ORDER BY v."Sequence" DESC LIMIT 21

-- versions of one
SELECT COUNT(*)
  FROM "Resource" h CROSS JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1

-- times in the change sequence
SELECT q."Place", (SELECT v."LastUpdated"
  FROM "ResourceVersion" v
  WHERE v."Sequence" >= q."Place" ORDER BY v."Sequence"  LIMIT 1)
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Place"
  FROM json_each(@p0) j) SELECT *
  FROM m) q

-- everything
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Parameter" = @p2 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > @p3 AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  LIMIT 21

-- everything, next page
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey" CROSS JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Parameter" = @p2 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > @p3 AND h."IsDeleted" = 0 AND h."TypeId" IN (SELECT value
  FROM json_each(@p4)) AND h."LastUpdated" >= @p5 ORDER BY x."ResourceKey"  LIMIT 21
