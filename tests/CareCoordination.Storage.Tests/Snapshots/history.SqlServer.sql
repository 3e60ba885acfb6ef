-- all
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- all, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" < @p0 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- all since
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" >= @p0 AND v."Sequence" < @p1 AND v."LastUpdated" >= @p2 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- a type
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- a type at, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 AND v."Sequence" >= @p1 AND v."Sequence" < @p2 AND v."LastUpdated" < @p3 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= @p4) ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- versions of a type
SELECT COUNT(*)
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE v."TypeId" = @p0 AND v."Sequence" >= @p1 AND v."Sequence" < @p2 AND v."LastUpdated" < @p3 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= @p4)

-- one
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- one since, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1 AND v."Sequence" < @p2 AND v."LastUpdated" >= @p3 ORDER BY v."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- versions of one
SELECT COUNT(*)
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = @p0 AND h."Id" = @p1

-- times in the change sequence
SELECT q."Place", (SELECT v."LastUpdated"
  FROM "ResourceVersion" v
  WHERE v."Sequence" >= q."Place" ORDER BY v."Sequence"  OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY)
  FROM OPENJSON(@p0) WITH ("Place" bigint '$[0]') q

-- everything
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Parameter" = @p2 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > @p3 AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY

-- everything, next page
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p0 AND r."Id" = @p1) AND x."Parameter" = @p2 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > @p3 AND h."IsDeleted" = 0 AND h."TypeId" IN (SELECT j."Value"
  FROM OPENJSON(@p4) WITH ("Value" bigint '$') j) AND h."LastUpdated" >= @p5 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY
