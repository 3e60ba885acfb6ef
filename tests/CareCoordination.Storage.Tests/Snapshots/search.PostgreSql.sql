-- Patient
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Key" >= $2 AND h."Key" < $3 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Key" >= $2 AND h."Key" < $3 AND h."IsDeleted" = 0 AND h."Key"  > $4 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" IN ($2, $3) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."IsDeleted" = 0 AND h."Id" IN ($2, $3) AND h."Key"  > $4 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

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
  WHERE x."Parameter" = $5 AND strpos(x."Value" , $6) > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = $1 AND x."Value" = $2 AND x."Exact" = $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" = $5 AND strpos(x."Value" , $6) > 0 AND x."ResourceKey" = h."Key"  OFFSET 0) AND h."Key"  > $7 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

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
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."ResourceKey" = h."Key"  OFFSET 0) AND x."ResourceKey"  > $6 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE ((x."Key" = $4 AND x."Check" = $5) OR (x."Key" = $6 AND x."Check" = $7)) AND x."ResourceKey" = h."Key"  OFFSET 0) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = $10 AND (x."End"  > $11 OR x."Start"  >= $12) AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = $1 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $2 AND r."Id" = $3) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE ((x."Key" = $4 AND x."Check" = $5) OR (x."Key" = $6 AND x."Check" = $7)) AND x."ResourceKey" = h."Key"  OFFSET 0) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $8 AND x."Check" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = $10 AND (x."End"  > $11 OR x."Start"  >= $12) AND x."ResourceKey" = h."Key"  OFFSET 0) AND x."ResourceKey"  > $13 ORDER BY x."ResourceKey"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 ORDER BY h."Sequence" DESC LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $2 AND x."Check" = $3 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Sequence" < $2 ORDER BY h."Sequence" DESC LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = $3 AND x."Check" = $4 AND x."ResourceKey" = h."Key"  OFFSET 0) ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND h."Sequence" < $4 ORDER BY h."Sequence" DESC LIMIT 21) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

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
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."System" IN ($6, $7))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $8 AND h."IsDeleted" = 0 OFFSET 0) m ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

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
  WHERE x."Key" = $4 AND x."Check" = $5 AND x."System" IN ($6, $7))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $8 AND h."IsDeleted" = 0 OFFSET 0) m
  WHERE ((m."S0" IS NULL AND (m."S1" > $9 OR m."S1" IS NULL)) OR (m."S0" IS NULL AND m."S1" = $10 AND m."Key" > $11)) ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."High" > $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= $6 AND x."Low" < $7 AND x."High" < $8 AND x."System" = $9 AND x."Unit" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0) AND ((h."LastUpdated" + 10000) > $11 OR h."LastUpdated"  >= $12) ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = $1 AND x."Check" = $2 AND x."High" > $3) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $4 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = $5 AND x."Low" >= $6 AND x."Low" < $7 AND x."High" < $8 AND x."System" = $9 AND x."Unit" = $10 AND x."ResourceKey" = h."Key"  OFFSET 0) AND ((h."LastUpdated" + 10000) > $11 OR h."LastUpdated"  >= $12) AND h."Key"  > $13 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Key" >= $2 AND h."Key" < $3 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = $4 AND x."High" > $5 AND x."ResourceKey" = h."Key"  OFFSET 0) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $6 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $7 AND r."Id" = $8) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $9 AND x."Value" = $10 AND x."Hash" = $11 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $12) = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = $1 AND x."High" > $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
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
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = $1 AND h."Key" >= $2 AND h."Key" < $3 AND h."Key"  > $4 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = $5 AND x."High" > $6 AND x."ResourceKey" = h."Key"  OFFSET 0) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $7 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $8 AND r."Id" = $9) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $10 AND x."Value" = $11 AND x."Hash" = $12 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $13) = 0 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = $1 AND x."High" > $2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = $3 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = $4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = $5 AND r."Id" = $6) AND x."ResourceKey" = h."Key"  OFFSET 0) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = $7 AND x."Value" = $8 AND x."Hash" = $9 AND x."ResourceKey" = h."Key"  OFFSET 0)) AND (h."Presence" & $10) = 0 AND h."Key"  > $11 ORDER BY h."Key"  LIMIT 51) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 
