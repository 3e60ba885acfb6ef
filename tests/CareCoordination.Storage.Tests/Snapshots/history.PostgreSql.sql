-- all
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 ORDER BY v."Sequence" DESC LIMIT 21

-- all, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" < $1 ORDER BY v."Sequence" DESC LIMIT 21

-- all since
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE 1 = 1 AND v."Sequence" >= $1 AND v."Sequence" < $2 AND v."LastUpdated" >= $3 ORDER BY v."Sequence" DESC LIMIT 21

-- a type
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE (v."TypeId", v."Sequence") >= ($1, $2) AND (v."TypeId", v."Sequence") < ($1, $3) ORDER BY v."TypeId" DESC, v."Sequence" DESC LIMIT 21

-- a type at, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE (v."TypeId", v."Sequence") >= ($1, $2) AND (v."TypeId", v."Sequence") < ($1, $3) AND v."LastUpdated" < $4 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= $5 OFFSET 0) ORDER BY v."TypeId" DESC, v."Sequence" DESC LIMIT 21

-- versions of a type
SELECT COUNT(*)
  FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
  WHERE (v."TypeId", v."Sequence") >= ($1, $2) AND (v."TypeId", v."Sequence") < ($1, $3) AND v."LastUpdated" < $4 AND NOT EXISTS (SELECT 1
  FROM "ResourceVersion" n
  WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= $5 OFFSET 0)

-- one
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = $1 AND h."Id" = $2 ORDER BY v."Sequence" DESC LIMIT 21

-- one since, next page
SELECT v."TypeId", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = $1 AND h."Id" = $2 AND v."Sequence" < $3 AND v."LastUpdated" >= $4 ORDER BY v."Sequence" DESC LIMIT 21

-- versions of one
SELECT COUNT(*)
  FROM "Resource" h JOIN "ResourceVersion" v ON v."ResourceKey" = h."Key"
  WHERE h."TypeId" = $1 AND h."Id" = $2

-- times in the change sequence
SELECT q."Place", (SELECT v."LastUpdated"
  FROM "ResourceVersion" v
  WHERE v."Sequence" >= q."Place" ORDER BY v."Sequence"  LIMIT 1)
  FROM unnest($1) AS q("Place")

-- everything
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $1 AND r."Id" = $2) AND x."Parameter" = $3 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > $4 AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  LIMIT 21

-- everything, next page
SELECT x."ResourceKey", h."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey" JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
  WHERE x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $1 AND r."Id" = $2) AND x."Parameter" = $3 AND x."ResourceKey" <> x."Target" AND x."ResourceKey" > $4 AND h."IsDeleted" = 0 AND h."TypeId" = ANY($5) AND h."LastUpdated" >= $6 ORDER BY x."ResourceKey"  LIMIT 21
