-- Patient
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."IsDeleted" = 0 AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" = ANY($2) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" = ANY($2) AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND h."Key"  > $5 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" = $2 AND x."Exact" = $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" IN ($5, $6) AND strpos(x."Value", $7) > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" = $2 AND x."Exact" = $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" IN ($5, $6) AND strpos(x."Value", $7) > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."Key"  > $8 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."System" IN ($3, $4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN ($5, $6) OFFSET 0) AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."System" IN ($3, $4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN ($5, $6) OFFSET 0) AND h."IsDeleted" = 0 AND x."ResourceKey"  > $7 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND h."Status" = $4 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND h."Status" = $4 AND x."ResourceKey"  > $5 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND h."Status" = ANY($4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $5 AND x."Check" = $6 AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = $7 AND ((x."End" >= $8) OR (x."Start" >= $9)) AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND h."Status" = ANY($4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $5 AND x."Check" = $6 AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = $7 AND ((x."End" >= $8) OR (x."Start" >= $9)) AND x."ResourceKey" = h."Key"  OFFSET 0) AND x."ResourceKey"  > $10 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Status" <> 0 AND (h."Status", h."Sequence") >= ((SELECT $1), $2) AND (h."Status", h."Sequence") < ((SELECT $1), $3) ORDER BY h."Status" DESC, h."Sequence" DESC LIMIT 21) h
  WHERE h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Status" <> 0 AND (h."Status", h."Sequence") >= ((SELECT $1), $2) AND (h."Status", h."Sequence") < ((SELECT $1), $3) ORDER BY h."Status" DESC, h."Sequence" DESC LIMIT 21) h
  WHERE h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Observation?patient.identifier=http://a.example|1&_sort=-date,value-quantity
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" , (SELECT MIN(x."Low")
  FROM "QuantityIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $2) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $3 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."System" IN ($6, $7)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."System" IN ($10, $11)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 OFFSET 0) m ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

-- Observation?patient.identifier=http://a.example|1&_sort=-date,value-quantity, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" , (SELECT MIN(x."Low")
  FROM "QuantityIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $2) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $3 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."System" IN ($6, $7)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."System" IN ($10, $11)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 OFFSET 0) m
  WHERE ((m."S0" IS NULL AND (m."S1" > $13 OR m."S1" IS NULL)) OR (m."S0" IS NULL AND m."S1" = $13 AND m."Key" > $14)) ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."High" >= $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= $6 AND x."Low" <= $7 AND x."High" <= $8 AND x."System" = $9 AND x."Unit" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."LastUpdated" >= $11 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."High" >= $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= $6 AND x."Low" <= $7 AND x."High" <= $8 AND x."System" = $9 AND x."Unit" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."LastUpdated" >= $11 AND h."Key"  > $12 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."High" >= $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= $6 AND x."Low" <= $7 AND x."High" <= $8 AND x."System" = $9 AND x."Unit" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."LastUpdated" >= $11 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = $3 AND x."High" >= $4 AND x."ResourceKey" = h."Key"  OFFSET 0) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $5 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $6 AND r."Id" = $7) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $8 AND x."Value" = $9 AND x."Hash" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $11) = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = $1 AND x."High" >= $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $7 AND x."Value" = $8 AND x."Hash" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $10) = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = $4 AND x."High" >= $5 AND x."ResourceKey" = h."Key"  OFFSET 0) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $6 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $7 AND r."Id" = $8) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $9 AND x."Value" = $10 AND x."Hash" = $11 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $12) = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = $1 AND x."High" >= $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $7 AND x."Value" = $8 AND x."Hash" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $10) = 0 AND h."Key"  > $11 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=a,b,c&given:exact=a,b,c&name:contains=a,b,c
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2) AS q("From", "To") CROSS JOIN "StringIndex" x
  WHERE x."Parameter" = $3 AND x."Value" >= q."From" AND x."Value" < q."To") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN unnest($5, $6) AS q("Value", "Exact")
  WHERE x."Parameter" = $7 AND x."Value" = q."Value" AND x."Exact" = q."Exact"  AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN unnest($8) AS q("Part")
  WHERE x."Parameter" IN ($9, $10) AND strpos(x."Value", q."Part") > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=a,b,c&given:exact=a,b,c&name:contains=a,b,c, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2) AS q("From", "To") CROSS JOIN "StringIndex" x
  WHERE x."Parameter" = $3 AND x."Value" >= q."From" AND x."Value" < q."To") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN unnest($5, $6) AS q("Value", "Exact")
  WHERE x."Parameter" = $7 AND x."Value" = q."Value" AND x."Exact" = q."Exact"  AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN unnest($8) AS q("Part")
  WHERE x."Parameter" IN ($9, $10) AND strpos(x."Value", q."Part") > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."Key"  > $11 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" = ANY(ARRAY(SELECT r."Key"
  FROM unnest($2, $3) AS q("TypeId", "Id") CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id"))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN unnest($5, $6, $7, $8) AS q("LowMin", "LowMax", "HighMin", "HighMax")
  WHERE x."Parameter" = $9 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM unnest($10, $11) AS q("Min", "Max")
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max" OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" = ANY(ARRAY(SELECT r."Key"
  FROM unnest($2, $3) AS q("TypeId", "Id") CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id"))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN unnest($5, $6, $7, $8) AS q("LowMin", "LowMax", "HighMin", "HighMax")
  WHERE x."Parameter" = $9 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM unnest($10, $11) AS q("Min", "Max")
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max" OFFSET 0) AND h."Key"  > $12 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" = ANY(ARRAY(SELECT r."Key"
  FROM unnest($2, $3) AS q("TypeId", "Id") CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id"))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN unnest($5, $6, $7, $8) AS q("LowMin", "LowMax", "HighMin", "HighMax")
  WHERE x."Parameter" = $9 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM unnest($10, $11) AS q("Min", "Max")
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max" OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM unnest($3, $4, $5) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND NOT EXISTS (SELECT 1
  FROM unnest($6, $7, $8) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN unnest($9, $10, $11, $12, $13, $14) AS q("LowMin", "LowMax", "HighMin", "HighMax", "System", "Code")
  WHERE x."Parameter" = $15 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM unnest($5, $6, $7) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN unnest($8, $9, $10, $11, $12, $13) AS q("LowMin", "LowMax", "HighMin", "HighMax", "System", "Code")
  WHERE x."Parameter" = $14 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM unnest($4, $5, $6) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND NOT EXISTS (SELECT 1
  FROM unnest($7, $8, $9) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN unnest($10, $11, $12, $13, $14, $15) AS q("LowMin", "LowMax", "HighMin", "HighMax", "System", "Code")
  WHERE x."Parameter" = $16 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM unnest($5, $6, $7) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN unnest($8, $9, $10, $11, $12, $13) AS q("LowMin", "LowMax", "HighMin", "HighMax", "System", "Code")
  WHERE x."Parameter" = $14 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."Key"  > $15 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=a$1,b$gt2||mg,http://a.example|c$3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS q("Key", "Check", "FirstSystem", "SecondCode", "SecondSystem", "LowMin", "LowMax", "HighMin", "HighMax", "From", "To") CROSS JOIN "CompositeIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."FirstSystem" = -9223372036854775808 OR x."FirstSystem" = q."FirstSystem") AND (q."SecondCode" = -9223372036854775808 OR x."SecondCode" = q."SecondCode") AND (q."SecondSystem" = -9223372036854775808 OR x."SecondSystem" = q."SecondSystem") AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."Text" >= q."From" AND x."Text" < q."To") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=a$1,b$gt2||mg,http://a.example|c$3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS q("Key", "Check", "FirstSystem", "SecondCode", "SecondSystem", "LowMin", "LowMax", "HighMin", "HighMax", "From", "To") CROSS JOIN "CompositeIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."FirstSystem" = -9223372036854775808 OR x."FirstSystem" = q."FirstSystem") AND (q."SecondCode" = -9223372036854775808 OR x."SecondCode" = q."SecondCode") AND (q."SecondSystem" = -9223372036854775808 OR x."SecondSystem" = q."SecondSystem") AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."Text" >= q."From" AND x."Text" < q."To") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 AND h."Key"  > $13 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.identifier=a,b,c
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM unnest($2, $3, $4) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($5, $6, $7) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($8, $9, $10) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($11, $12, $13) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) UNION SELECT DISTINCT x."ResourceKey"
  FROM unnest($14, $15, $16) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $17 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.identifier=a,b,c, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM unnest($2, $3, $4) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($5, $6, $7) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($8, $9, $10) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM unnest($11, $12, $13) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) UNION SELECT DISTINCT x."ResourceKey"
  FROM unnest($14, $15, $16) AS q("Key", "Check", "System") CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $17 AND h."IsDeleted" = 0 AND h."Key"  > $18 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject:Patient.organization.name=a&status=final
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $2 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $3 AND x."Value" >= $4 AND x."Value" < $5) UNION ALL SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $6 AND x."Value" >= $7 AND x."Value" < $8) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $9 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $10 AND x."Value" >= $11 AND x."Value" < $12)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $13 AND h."IsDeleted" = 0 AND h."Status" = $14 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject:Patient.organization.name=a&status=final, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $2 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $3 AND x."Value" >= $4 AND x."Value" < $5) UNION ALL SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $6 AND x."Value" >= $7 AND x."Value" < $8) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $9 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $10 AND x."Value" >= $11 AND x."Value" < $12)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $13 AND h."IsDeleted" = 0 AND h."Status" = $14 AND h."Key"  > $15 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:code=a
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $2 AND x."Check" = $3)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:code=a, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $2 AND x."Check" = $3)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND h."Key"  > $5 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:subject:date=2026-01-01&_sort=-birthdate
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $2 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "DateIndex" x
  WHERE x."Parameter" = $3 AND x."Start" >= $4 AND x."Start" <= $5 AND x."End" <= $6)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 OFFSET 0) m ORDER BY m."S0" DESC NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."Key" 

-- Patient?_has:Observation:subject:date=2026-01-01&_sort=-birthdate, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $2 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "DateIndex" x
  WHERE x."Parameter" = $3 AND x."Start" >= $4 AND x."Start" <= $5 AND x."End" <= $6)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 OFFSET 0) m
  WHERE ((m."S0" IS NULL AND m."Key" > $8)) ORDER BY m."S0" DESC NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."Key" 

-- Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=a&family=a
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND h."Key" IN (SELECT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $5 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= $6 AND x."Target" < $7 AND x."Parameter" = $8 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $9 AND x."Value" >= $10 AND x."Value" < $11) IS TRUE) k JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 OFFSET 0) h
  WHERE 1 = 1)) IS TRUE ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=a&family=a, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND h."Key" IN (SELECT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $5 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= $6 AND x."Target" < $7 AND x."Parameter" = $8 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $9 AND x."Value" >= $10 AND x."Value" < $11) IS TRUE) k JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = $12 AND h."IsDeleted" = 0 OFFSET 0) h
  WHERE 1 = 1)) IS TRUE AND h."Key"  > $13 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_has:Task:focus:owner=Practitioner/1&status=active
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= $1 AND x."Target" < $2 AND x."Parameter" = $3 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6)) IS TRUE) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 AND h."Status" = $8 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_has:Task:focus:owner=Practitioner/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= $1 AND x."Target" < $2 AND x."Parameter" = $3 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6)) IS TRUE) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 AND h."Status" = $8 AND h."Key"  > $9 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_id=1&_has:Task:focus:owner=Practitioner/1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" = $2 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Target" = h."Key" AND x."Parameter" = $3 AND EXISTS (SELECT 1
  FROM "Resource" h
  WHERE h."Key" = x."ResourceKey" AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6) AND x."ResourceKey" = h."Key"  OFFSET 0) OFFSET 0) OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_id=1&_has:Task:focus:owner=Practitioner/1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" = $2 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Target" = h."Key" AND x."Parameter" = $3 AND EXISTS (SELECT 1
  FROM "Resource" h
  WHERE h."Key" = x."ResourceKey" AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6) AND x."ResourceKey" = h."Key"  OFFSET 0) OFFSET 0) OFFSET 0) AND h."Key"  > $7 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Encounter?patient._has:Group:member:_id=102
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $2 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND h."Id" = $4)) k JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = $5 AND h."IsDeleted" = 0 OFFSET 0) h
  WHERE 1 = 1)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $6 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Encounter?patient._has:Group:member:_id=102, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = $2 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND h."Id" = $4)) k JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = $5 AND h."IsDeleted" = 0 OFFSET 0) h
  WHERE 1 = 1)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $6 AND h."IsDeleted" = 0 AND h."Key"  > $7 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."Key" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $3 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $5 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $6 AND x."Check" = $7 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $8 AND p."Check" = $9 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $10 AND x."Check" = $11 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $12 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $13 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $14 AND x."Check" = $15 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $16 AND p."Check" = $17 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $18 AND x."Check" = $19 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $20 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $21 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $22 AND x."Check" = $23 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $24 AND p."Check" = $25 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $26 AND x."Check" = $27 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $28 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $29 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $30 AND x."Check" = $31 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $32 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $33 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $34 AND x."Check" = $35 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $36 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $37 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $38 AND x."Check" = $39 AND x."ResourceKey" = h."Key"  OFFSET 0))) IS TRUE ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $2 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $6 AND p."Check" = $7 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $10 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $11 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $12 AND x."Check" = $13 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $14 AND p."Check" = $15 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $16 AND x."Check" = $17 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $18 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $19 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $20 AND x."Check" = $21 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $22 AND p."Check" = $23 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $24 AND x."Check" = $25 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $26 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $27 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $28 AND x."Check" = $29 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $30 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $31 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $32 AND x."Check" = $33 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $34 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $35 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $36 AND x."Check" = $37 AND x."ResourceKey" = h."Key"  OFFSET 0))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $38 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."Key" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $5 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $6 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $7 AND x."Check" = $8 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $9 AND p."Check" = $10 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $11 AND x."Check" = $12 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $13 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $14 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $15 AND x."Check" = $16 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $17 AND p."Check" = $18 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $19 AND x."Check" = $20 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $21 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $22 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $23 AND x."Check" = $24 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $25 AND p."Check" = $26 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $27 AND x."Check" = $28 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $29 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $30 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $31 AND x."Check" = $32 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $33 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $34 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $35 AND x."Check" = $36 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $37 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $38 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $39 AND x."Check" = $40 AND x."ResourceKey" = h."Key"  OFFSET 0))) IS TRUE ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $2 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $6 AND p."Check" = $7 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $10 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $11 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $12 AND x."Check" = $13 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $14 AND p."Check" = $15 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $16 AND x."Check" = $17 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $18 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $19 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $20 AND x."Check" = $21 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = $22 AND p."Check" = $23 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $24 AND x."Check" = $25 AND x."ResourceKey" = p."ResourceKey"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $26 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $27 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $28 AND x."Check" = $29 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $30 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $31 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $32 AND x."Check" = $33 AND x."ResourceKey" = h."Key"  OFFSET 0)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $34 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = $35 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $36 AND x."Check" = $37 AND x."ResourceKey" = h."Key"  OFFSET 0))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $38 AND h."IsDeleted" = 0 AND h."Key"  > $39 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x CROSS JOIN unnest($3, $4, $5, $6) AS q("LowMin", "LowMax", "HighMin", "HighMax")
  WHERE x."Parameter" = $7 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3, $4) AS q("LowMin", "LowMax", "HighMin", "HighMax") CROSS JOIN "NumberIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $6 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."Key"  > $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x CROSS JOIN unnest($4, $5, $6, $7) AS q("LowMin", "LowMax", "HighMin", "HighMax")
  WHERE x."Parameter" = $8 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3, $4) AS q("LowMin", "LowMax", "HighMin", "HighMax") CROSS JOIN "NumberIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax") x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $6 AND h."IsDeleted" = 0 AND h."Key"  > $7 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?instantiates-uri=a,b,c&_sort=-_lastUpdated
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3) AS q("Parameter", "Value", "Hash") CROSS JOIN "UriIndex" x
  WHERE x."Parameter" = q."Parameter" AND x."Value" = q."Value" AND x."Hash" = q."Hash" ) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- CarePlan?instantiates-uri=a,b,c&_sort=-_lastUpdated, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM unnest($1, $2, $3) AS q("Parameter", "Value", "Hash") CROSS JOIN "UriIndex" x
  WHERE x."Parameter" = q."Parameter" AND x."Value" = q."Value" AND x."Hash" = q."Hash" ) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND h."Sequence" < $5 ORDER BY h."Sequence" DESC LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=http://hl7.org/fhir/request-priority|&_sort=priority,-intent
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6476323926890642734 AND x."Check" = -6535174596514146430 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 0 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6983512162015514803 AND x."Check" = -5681422233710702135 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 7661228667859219424 AND x."Check" = -4258407265627911516 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 301444180196888721 AND x."Check" = 913380147951361430 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 3 END) AS "S0" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1192012512254392871 AND x."Check" = -7187462682388390163 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 8 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4676308250550418400 AND x."Check" = -1030487767993159661 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 7 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -2374103209379199077 AND x."Check" = -5202211452610838717 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 6 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1701557884742306876 AND x."Check" = -5478394301942080283 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 5 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 6755601746242477450 AND x."Check" = -1968973145956658003 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 4 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4282650864204345516 AND x."Check" = 9210105478313044020 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 3 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -4344164719625316018 AND x."Check" = -1173031640620966542 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6475690150579611069 AND x."Check" = -7229283386300762443 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 5572179284183636963 AND x."Check" = 4499497202274000119 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 0 END) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE 1 = 0) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 OFFSET 0) m ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key" 

-- Task?status=http://hl7.org/fhir/request-priority|&_sort=priority,-intent, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6476323926890642734 AND x."Check" = -6535174596514146430 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 0 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6983512162015514803 AND x."Check" = -5681422233710702135 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 7661228667859219424 AND x."Check" = -4258407265627911516 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 301444180196888721 AND x."Check" = 913380147951361430 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 3 END) AS "S0" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1192012512254392871 AND x."Check" = -7187462682388390163 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 8 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4676308250550418400 AND x."Check" = -1030487767993159661 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 7 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -2374103209379199077 AND x."Check" = -5202211452610838717 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 6 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1701557884742306876 AND x."Check" = -5478394301942080283 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 5 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 6755601746242477450 AND x."Check" = -1968973145956658003 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 4 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4282650864204345516 AND x."Check" = 9210105478313044020 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 3 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -4344164719625316018 AND x."Check" = -1173031640620966542 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6475690150579611069 AND x."Check" = -7229283386300762443 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 5572179284183636963 AND x."Check" = 4499497202274000119 AND x."ResourceKey" = h."Key" OFFSET 0) THEN 0 END) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE 1 = 0) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 OFFSET 0) m
  WHERE (((m."S0" > $2 OR m."S0" IS NULL)) OR (m."S0" = $2 AND m."S1" IS NULL AND m."Key" > $3)) ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key" 

-- ValueSet?url=http://a.example/v|1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "UriIndex" x
  WHERE ((x."Parameter" = $1 AND x."Value" = $2 AND x."Hash" = $3) OR (x."Parameter" = $4 AND x."Value" = $5 AND x."Hash" = $6))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ValueSet?url=http://a.example/v|1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "UriIndex" x
  WHERE ((x."Parameter" = $1 AND x."Value" = $2 AND x."Hash" = $3) OR (x."Parameter" = $4 AND x."Value" = $5 AND x."Hash" = $6))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $7 AND h."IsDeleted" = 0 AND h."Key"  > $8 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?subject:identifier=http://a.example|1&replaces=CarePlan/1/_history/2
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."System" IN ($3, $4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN ($5, $6) OFFSET 0) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $7 AND x."Value" = $8 AND x."Hash" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?subject:identifier=http://a.example|1&replaces=CarePlan/1/_history/2, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."System" IN ($3, $4) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN ($5, $6) OFFSET 0) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $7 AND x."Value" = $8 AND x."Hash" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0) AND x."ResourceKey"  > $10 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=100101102103104105106107108109110111112113114115116117118119120121122123124125126127128129130131132133134135136137138139140141142143144145146147148149150151152153154155156157158159160161162163164165166167168169
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3 AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= $4 AND y."Value" < $5 AND y."Exact" = (x."Exact" | 65535) - 1 OFFSET 0) AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= $6 AND y."Value" < $7 AND y."Exact" = (x."Exact" | 65535) - 2 OFFSET 0)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $8 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=100101102103104105106107108109110111112113114115116117118119120121122123124125126127128129130131132133134135136137138139140141142143144145146147148149150151152153154155156157158159160161162163164165166167168169, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" >= $2 AND x."Value" < $3 AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= $4 AND y."Value" < $5 AND y."Exact" = (x."Exact" | 65535) - 1 OFFSET 0) AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= $6 AND y."Value" < $7 AND y."Exact" = (x."Exact" | 65535) - 2 OFFSET 0)) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $8 AND h."IsDeleted" = 0 AND h."Key"  > $9 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- MolecularSequence?chromosome-variant-coordinate=7$gt1$ne9
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE ((x."Key" = $1 AND x."Check" = $2 AND x."Low" >= $3 AND x."High" >= $4) OR (x."Key" = $5 AND x."Check" = $6 AND x."Low" >= $7 AND x."High" <= $8))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $9 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- MolecularSequence?chromosome-variant-coordinate=7$gt1$ne9, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE ((x."Key" = $1 AND x."Check" = $2 AND x."Low" >= $3 AND x."High" >= $4) OR (x."Key" = $5 AND x."Check" = $6 AND x."Low" >= $7 AND x."High" <= $8))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $9 AND h."IsDeleted" = 0 AND h."Key"  > $10 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $3 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= $1 AND h."Key" < $2 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $3 AND h."Key"  > $4 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Sequence" >= $2 AND h."Sequence" < $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."LastUpdated" >= $4 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Sequence" >= $2 AND h."Sequence" < $3 OFFSET 0) h
  WHERE h."IsDeleted" = 0 AND h."LastUpdated" >= $4 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $2 ORDER BY h."Sequence"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $2 AND h."Sequence" > $3 ORDER BY h."Sequence"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Sequence" >= $2 AND h."Sequence" < $3 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $4 ORDER BY h."Sequence"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $2 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $3 OFFSET 0) m ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $2 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $3 OFFSET 0) m
  WHERE (((m."S0" > $4 OR m."S0" IS NULL)) OR (m."S0" = $4 AND m."Key" > $5)) ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = $1) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = $2 AND h."Sequence" >= $3 AND h."Sequence" < $4 AND h."IsDeleted" = 0 AND h."LastUpdated" >= $5 OFFSET 0) m ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 
