-- Patient
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."IsDeleted" = 0 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" IN (SELECT value
  FROM json_each(@p1)) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" IN (SELECT value
  FROM json_each(@p1)) AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND h."Key"  > @p4 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" = @p1 AND x."Exact" = @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" IN (@p4, @p5) AND instr(x."Value", @p6) > 0 AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" = @p1 AND x."Exact" = @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" IN (@p4, @p5) AND instr(x."Value", @p6) > 0 AND x."ResourceKey" = h."Key" ) AND h."Key"  > @p7 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 AND x."ResourceKey"  > @p6 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND h."Status" = @p3 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND h."Status" = @p3 AND x."ResourceKey"  > @p4 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND h."Status" IN (SELECT value
  FROM json_each(@p3)) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p4 AND x."Check" = @p5 AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = @p6 AND ((x."End" >= @p7) OR (x."Start" >= @p8)) AND x."ResourceKey" = h."Key" ) ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND h."Status" IN (SELECT value
  FROM json_each(@p3)) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p4 AND x."Check" = @p5 AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = @p6 AND ((x."End" >= @p7) OR (x."Start" >= @p8)) AND x."ResourceKey" = h."Key" ) AND x."ResourceKey"  > @p9 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Status" <> 0 AND h."Status" = @p0 ORDER BY h."Sequence" DESC LIMIT 21) h
  WHERE h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 21) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Status" <> 0 AND h."Status" = @p0 AND h."Sequence" < @p1 ORDER BY h."Sequence" DESC LIMIT 21) h
  WHERE h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 21) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Observation?patient.identifier=http://a.example|1&_sort=-date,value-quantity
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" , (SELECT MIN(x."Low")
  FROM "QuantityIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p1) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p2 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."System" IN (@p5, @p6)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."System" IN (@p9, @p10)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p11 AND h."IsDeleted" = 0) m ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

-- Observation?patient.identifier=http://a.example|1&_sort=-date,value-quantity, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" , (SELECT MIN(x."Low")
  FROM "QuantityIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p1) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p2 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."System" IN (@p5, @p6)) UNION SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."System" IN (@p9, @p10)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p11 AND h."IsDeleted" = 0) m
  WHERE ((m."S0" IS NULL AND (m."S1" > @p12 OR m."S1" IS NULL)) OR (m."S0" IS NULL AND m."S1" = @p12 AND m."Key" > @p13)) ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."S1" NULLS LAST, m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."High" >= @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = @p4 AND x."Low" >= @p5 AND x."Low" <= @p6 AND x."High" <= @p7 AND x."System" = @p8 AND x."Unit" = @p9 AND x."ResourceKey" = h."Key" ) AND h."LastUpdated" >= @p10 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."High" >= @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = @p4 AND x."Low" >= @p5 AND x."Low" <= @p6 AND x."High" <= @p7 AND x."System" = @p8 AND x."Unit" = @p9 AND x."ResourceKey" = h."Key" ) AND h."LastUpdated" >= @p10 AND h."Key"  > @p11 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."High" >= @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = @p4 AND x."Low" >= @p5 AND x."Low" <= @p6 AND x."High" <= @p7 AND x."System" = @p8 AND x."Unit" = @p9 AND x."ResourceKey" = h."Key" ) AND h."LastUpdated" >= @p10 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p2 AND x."High" >= @p3 AND x."ResourceKey" = h."Key" ) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p4 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p5 AND r."Id" = @p6) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p7 AND x."Value" = @p8 AND x."Hash" = @p9 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p10) = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p0 AND x."High" >= @p1) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p9) = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p3 AND x."High" >= @p4 AND x."ResourceKey" = h."Key" ) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p5 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p6 AND r."Id" = @p7) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p8 AND x."Value" = @p9 AND x."Hash" = @p10 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p11) = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p0 AND x."High" >= @p1) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p9) = 0 AND h."Key"  > @p10 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=a,b,c&given:exact=a,b,c&name:contains=a,b,c
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "From", j.value ->> 1 AS "To"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "StringIndex" x
  WHERE x."Parameter" = @p1 AND x."Value" >= q."From" AND x."Value" < q."To") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Value", j.value ->> 1 AS "Exact"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Value" = q."Value" AND x."Exact" = q."Exact"  AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Part"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE x."Parameter" IN (@p6, @p7) AND instr(x."Value", q."Part") > 0 AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=a,b,c&given:exact=a,b,c&name:contains=a,b,c, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "From", j.value ->> 1 AS "To"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "StringIndex" x
  WHERE x."Parameter" = @p1 AND x."Value" >= q."From" AND x."Value" < q."To") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Value", j.value ->> 1 AS "Exact"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Value" = q."Value" AND x."Exact" = q."Exact"  AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "StringIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Part"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE x."Parameter" IN (@p6, @p7) AND instr(x."Value", q."Part") > 0 AND x."ResourceKey" = h."Key" ) AND h."Key"  > @p8 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT r."Key"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "TypeId", j.value ->> 1 AS "Id"
  FROM json_each(@p1) j) SELECT *
  FROM m) q CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Min", j.value ->> 1 AS "Max"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max") ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT r."Key"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "TypeId", j.value ->> 1 AS "Id"
  FROM json_each(@p1) j) SELECT *
  FROM m) q CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Min", j.value ->> 1 AS "Max"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max") AND h."Key"  > @p6 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?organization=Organization/1,Organization/2,Organization/3&birthdate=2000,2001,2002&_lastUpdated=2024,2025-02,2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT r."Key"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "TypeId", j.value ->> 1 AS "Id"
  FROM json_each(@p1) j) SELECT *
  FROM m) q CROSS JOIN "Resource" r
  WHERE r."TypeId" = q."TypeId" AND r."Id" = q."Id")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "DateIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Start" >= q."LowMin" AND x."Start" <= q."LowMax" AND x."End" >= q."HighMin" AND x."End" <= q."HighMax" AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Min", j.value ->> 1 AS "Max"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max") ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND NOT EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p3) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax", j.value ->> 4 AS "System", j.value ->> 5 AS "Code"
  FROM json_each(@p4) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p5 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax", j.value ->> 4 AS "System", j.value ->> 5 AS "Code"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p3) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND NOT EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p4) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax", j.value ->> 4 AS "System", j.value ->> 5 AS "Code"
  FROM json_each(@p5) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p6 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code=a,http://a.example|b,|c&category:not=a,b,c&value-quantity=1,2||mg,3|http://unitsofmeasure.org|mg, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "QuantityIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax", j.value ->> 4 AS "System", j.value ->> 5 AS "Code"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND (q."System" = -9223372036854775808 OR x."System" = q."System") AND (q."Code" = -9223372036854775808 OR x."Unit" = q."Code") AND x."ResourceKey" = h."Key" ) AND h."Key"  > @p5 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=a$1,b$gt2||mg,http://a.example|c$3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "FirstSystem", j.value ->> 3 AS "SecondCode", j.value ->> 4 AS "SecondSystem", j.value ->> 5 AS "LowMin", j.value ->> 6 AS "LowMax", j.value ->> 7 AS "HighMin", j.value ->> 8 AS "HighMax", j.value ->> 9 AS "From", j.value ->> 10 AS "To"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "CompositeIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."FirstSystem" = -9223372036854775808 OR x."FirstSystem" = q."FirstSystem") AND (q."SecondCode" = -9223372036854775808 OR x."SecondCode" = q."SecondCode") AND (q."SecondSystem" = -9223372036854775808 OR x."SecondSystem" = q."SecondSystem") AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."Text" >= q."From" AND x."Text" < q."To") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=a$1,b$gt2||mg,http://a.example|c$3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "FirstSystem", j.value ->> 3 AS "SecondCode", j.value ->> 4 AS "SecondSystem", j.value ->> 5 AS "LowMin", j.value ->> 6 AS "LowMax", j.value ->> 7 AS "HighMin", j.value ->> 8 AS "HighMax", j.value ->> 9 AS "From", j.value ->> 10 AS "To"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "CompositeIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."FirstSystem" = -9223372036854775808 OR x."FirstSystem" = q."FirstSystem") AND (q."SecondCode" = -9223372036854775808 OR x."SecondCode" = q."SecondCode") AND (q."SecondSystem" = -9223372036854775808 OR x."SecondSystem" = q."SecondSystem") AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."Text" >= q."From" AND x."Text" < q."To") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.identifier=a,b,c
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p1) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p3) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p4) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) UNION SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p5) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.identifier=a,b,c, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p1) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p2) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p3) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System") UNION ALL SELECT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p4) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) UNION SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Key", j.value ->> 1 AS "Check", j.value ->> 2 AS "System"
  FROM json_each(@p5) j) SELECT *
  FROM m) q CROSS JOIN "TokenIndex" x
  WHERE x."Key" = q."Key" AND x."Check" = q."Check"  AND (q."System" = -9223372036854775808 OR x."System" = q."System")) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 AND h."Key"  > @p7 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject:Patient.organization.name=a&status=final
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p2 AND x."Value" >= @p3 AND x."Value" < @p4) UNION ALL SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p5 AND x."Value" >= @p6 AND x."Value" < @p7) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p8 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p9 AND x."Value" >= @p10 AND x."Value" < @p11)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p12 AND h."IsDeleted" = 0 AND h."Status" = @p13 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject:Patient.organization.name=a&status=final, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p1 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p2 AND x."Value" >= @p3 AND x."Value" < @p4) UNION ALL SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p5 AND x."Value" >= @p6 AND x."Value" < @p7) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p8 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p9 AND x."Value" >= @p10 AND x."Value" < @p11)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p12 AND h."IsDeleted" = 0 AND h."Status" = @p13 AND h."Key"  > @p14 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:code=a
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p0 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p1 AND x."Check" = @p2)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:code=a, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p0 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p1 AND x."Check" = @p2)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND h."Key"  > @p4 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:subject:date=2026-01-01&_sort=-birthdate
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "DateIndex" x
  WHERE x."Parameter" = @p2 AND x."Start" >= @p3 AND x."Start" <= @p4 AND x."End" <= @p5)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0) m ORDER BY m."S0" DESC NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."Key" 

-- Patient?_has:Observation:subject:date=2026-01-01&_sort=-birthdate, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MAX(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT x."ResourceKey"
  FROM "DateIndex" x
  WHERE x."Parameter" = @p2 AND x."Start" >= @p3 AND x."Start" <= @p4 AND x."End" <= @p5)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0) m
  WHERE ((m."S0" IS NULL AND m."Key" > @p7)) ORDER BY m."S0" DESC NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC NULLS LAST, m."Key" 

-- Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=a&family=a
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND h."Key" IN (SELECT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p4 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= @p5 AND x."Target" < @p6 AND x."Parameter" = @p7 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p8 AND x."Value" >= @p9 AND x."Value" < @p10)) k CROSS JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = @p11 AND h."IsDeleted" = 0) h
  WHERE 1 = 1)) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=a&family=a, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND h."Key" IN (SELECT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p4 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= @p5 AND x."Target" < @p6 AND x."Parameter" = @p7 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p8 AND x."Value" >= @p9 AND x."Value" < @p10)) k CROSS JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = @p11 AND h."IsDeleted" = 0) h
  WHERE 1 = 1)) AND h."Key"  > @p12 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_has:Task:focus:owner=Practitioner/1&status=active
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= @p0 AND x."Target" < @p1 AND x."Parameter" = @p2 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 AND h."Status" = @p7 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_has:Task:focus:owner=Practitioner/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "ReferenceIndex" x
  WHERE x."Target" >= @p0 AND x."Target" < @p1 AND x."Parameter" = @p2 AND x."ResourceKey" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 AND h."Status" = @p7 AND h."Key"  > @p8 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_id=1&_has:Task:focus:owner=Practitioner/1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" = @p1 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Target" = h."Key" AND x."Parameter" = @p2 AND EXISTS (SELECT 1
  FROM "Resource" h
  WHERE h."Key" = x."ResourceKey" AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ))) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ServiceRequest?_id=1&_has:Task:focus:owner=Practitioner/1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" = @p1 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Target" = h."Key" AND x."Parameter" = @p2 AND EXISTS (SELECT 1
  FROM "Resource" h
  WHERE h."Key" = x."ResourceKey" AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ))) AND h."Key"  > @p6 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Encounter?patient._has:Group:member:_id=102
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND h."Id" = @p3)) k CROSS JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = @p4 AND h."IsDeleted" = 0) h
  WHERE 1 = 1)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p5 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Encounter?patient._has:Group:member:_id=102, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT h."Key"
  FROM (SELECT h.*
  FROM (SELECT DISTINCT x."Target" AS "ResourceKey"
  FROM  "Resource" o LEFT JOIN "SharedPatient" s ON s."Sequence" = o."Sequence" CROSS JOIN "ReferenceIndex" x ON x."Target" = COALESCE(s."Patient", o."Patient") AND x."Parameter" = @p1 AND x."ResourceKey" = o."Key"
  WHERE o."Key" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND h."Id" = @p3)) k CROSS JOIN "Resource" h ON h."Key" = k."ResourceKey"
  WHERE h."TypeId" = @p4 AND h."IsDeleted" = 0) h
  WHERE 1 = 1)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p5 AND h."IsDeleted" = 0 AND h."Key"  > @p6 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."Key" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p2 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p4 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p5 AND x."Check" = @p6 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p7 AND p."Check" = @p8 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p9 AND x."Check" = @p10 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p11 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p12 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p13 AND x."Check" = @p14 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p15 AND p."Check" = @p16 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p17 AND x."Check" = @p18 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p19 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p20 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p21 AND x."Check" = @p22 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p23 AND p."Check" = @p24 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p25 AND x."Check" = @p26 AND x."ResourceKey" = p."ResourceKey" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p27 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p28 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p29 AND x."Check" = @p30 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p31 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p32 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p33 AND x."Check" = @p34 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p35 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p36 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p37 AND x."Check" = @p38 AND x."ResourceKey" = h."Key" ))) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p1 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p5 AND p."Check" = @p6 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p9 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p10 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p11 AND x."Check" = @p12 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p13 AND p."Check" = @p14 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p15 AND x."Check" = @p16 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p17 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p18 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p19 AND x."Check" = @p20 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p21 AND p."Check" = @p22 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p23 AND x."Check" = @p24 AND x."ResourceKey" = p."ResourceKey" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p25 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p26 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p27 AND x."Check" = @p28 AND x."ResourceKey" = h."Key" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p29 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p30 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p31 AND x."Check" = @p32 AND x."ResourceKey" = h."Key" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p33 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p34 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p35 AND x."Check" = @p36 AND x."ResourceKey" = h."Key" ))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p37 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."Key" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p4 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p5 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p6 AND x."Check" = @p7 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p8 AND p."Check" = @p9 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p10 AND x."Check" = @p11 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p12 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p13 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p14 AND x."Check" = @p15 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p16 AND p."Check" = @p17 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p18 AND x."Check" = @p19 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p20 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p21 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p22 AND x."Check" = @p23 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p24 AND p."Check" = @p25 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p26 AND x."Check" = @p27 AND x."ResourceKey" = p."ResourceKey" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p28 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p29 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p30 AND x."Check" = @p31 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p32 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p33 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p34 AND x."Check" = @p35 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p36 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p37 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p38 AND x."Check" = @p39 AND x."ResourceKey" = h."Key" ))) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?subject.organization:Organization.active:not=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p0 AND x."Target" IN (SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p1 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p5 AND p."Check" = @p6 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p9 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p10 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p11 AND x."Check" = @p12 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p13 AND p."Check" = @p14 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p15 AND x."Check" = @p16 AND x."ResourceKey" = p."ResourceKey" ) UNION ALL SELECT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p17 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p18 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p19 AND x."Check" = @p20 AND x."ResourceKey" = h."Key" )) UNION ALL SELECT p."ResourceKey"
  FROM "TokenIndex" p
  WHERE p."Key" = @p21 AND p."Check" = @p22 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p23 AND x."Check" = @p24 AND x."ResourceKey" = p."ResourceKey" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p25 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p26 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p27 AND x."Check" = @p28 AND x."ResourceKey" = h."Key" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p29 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p30 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p31 AND x."Check" = @p32 AND x."ResourceKey" = h."Key" )) UNION SELECT DISTINCT x."ResourceKey"
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p33 AND x."Target" IN (SELECT h."Key"
  FROM "Resource" h
  WHERE h."TypeId" = @p34 AND h."IsDeleted" = 0 AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p35 AND x."Check" = @p36 AND x."ResourceKey" = h."Key" ))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p37 AND h."IsDeleted" = 0 AND h."Key"  > @p38 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p2) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p3 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "NumberIndex" x
  WHERE x."Parameter" = @p1 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."Key"  > @p2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x CROSS JOIN (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p3) j) SELECT *
  FROM m) q
  WHERE x."Parameter" = @p4 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax" AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=0.1,0.2,0.3, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "LowMin", j.value ->> 1 AS "LowMax", j.value ->> 2 AS "HighMin", j.value ->> 3 AS "HighMax"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "NumberIndex" x
  WHERE x."Parameter" = @p1 AND x."Low" >= q."LowMin" AND x."Low" <= q."LowMax" AND x."High" >= q."HighMin" AND x."High" <= q."HighMax") x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND h."Key"  > @p3 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?instantiates-uri=a,b,c&_sort=-_lastUpdated
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Parameter", j.value ->> 1 AS "Value", j.value ->> 2 AS "Hash"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "UriIndex" x
  WHERE x."Parameter" = q."Parameter" AND x."Value" = q."Value" AND x."Hash" = q."Hash" ) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 ORDER BY h."Sequence" DESC LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- CarePlan?instantiates-uri=a,b,c&_sort=-_lastUpdated, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM (WITH m AS MATERIALIZED (SELECT j.value ->> 0 AS "Parameter", j.value ->> 1 AS "Value", j.value ->> 2 AS "Hash"
  FROM json_each(@p0) j) SELECT *
  FROM m) q CROSS JOIN "UriIndex" x
  WHERE x."Parameter" = q."Parameter" AND x."Value" = q."Value" AND x."Hash" = q."Hash" ) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND h."Sequence" < @p2 ORDER BY h."Sequence" DESC LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=http://hl7.org/fhir/request-priority|&_sort=priority,-intent
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6476323926890642734 AND x."Check" = -6535174596514146430 AND x."ResourceKey" = h."Key") THEN 0 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6983512162015514803 AND x."Check" = -5681422233710702135 AND x."ResourceKey" = h."Key") THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 7661228667859219424 AND x."Check" = -4258407265627911516 AND x."ResourceKey" = h."Key") THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 301444180196888721 AND x."Check" = 913380147951361430 AND x."ResourceKey" = h."Key") THEN 3 END) AS "S0" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1192012512254392871 AND x."Check" = -7187462682388390163 AND x."ResourceKey" = h."Key") THEN 8 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4676308250550418400 AND x."Check" = -1030487767993159661 AND x."ResourceKey" = h."Key") THEN 7 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -2374103209379199077 AND x."Check" = -5202211452610838717 AND x."ResourceKey" = h."Key") THEN 6 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1701557884742306876 AND x."Check" = -5478394301942080283 AND x."ResourceKey" = h."Key") THEN 5 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 6755601746242477450 AND x."Check" = -1968973145956658003 AND x."ResourceKey" = h."Key") THEN 4 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4282650864204345516 AND x."Check" = 9210105478313044020 AND x."ResourceKey" = h."Key") THEN 3 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -4344164719625316018 AND x."Check" = -1173031640620966542 AND x."ResourceKey" = h."Key") THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6475690150579611069 AND x."Check" = -7229283386300762443 AND x."ResourceKey" = h."Key") THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 5572179284183636963 AND x."Check" = 4499497202274000119 AND x."ResourceKey" = h."Key") THEN 0 END) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE 1 = 0) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0) m ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key" 

-- Task?status=http://hl7.org/fhir/request-priority|&_sort=priority,-intent, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0", m."S1"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6476323926890642734 AND x."Check" = -6535174596514146430 AND x."ResourceKey" = h."Key") THEN 0 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6983512162015514803 AND x."Check" = -5681422233710702135 AND x."ResourceKey" = h."Key") THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 7661228667859219424 AND x."Check" = -4258407265627911516 AND x."ResourceKey" = h."Key") THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 301444180196888721 AND x."Check" = 913380147951361430 AND x."ResourceKey" = h."Key") THEN 3 END) AS "S0" , (CASE WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1192012512254392871 AND x."Check" = -7187462682388390163 AND x."ResourceKey" = h."Key") THEN 8 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4676308250550418400 AND x."Check" = -1030487767993159661 AND x."ResourceKey" = h."Key") THEN 7 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -2374103209379199077 AND x."Check" = -5202211452610838717 AND x."ResourceKey" = h."Key") THEN 6 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -1701557884742306876 AND x."Check" = -5478394301942080283 AND x."ResourceKey" = h."Key") THEN 5 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 6755601746242477450 AND x."Check" = -1968973145956658003 AND x."ResourceKey" = h."Key") THEN 4 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 4282650864204345516 AND x."Check" = 9210105478313044020 AND x."ResourceKey" = h."Key") THEN 3 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -4344164719625316018 AND x."Check" = -1173031640620966542 AND x."ResourceKey" = h."Key") THEN 2 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = -6475690150579611069 AND x."Check" = -7229283386300762443 AND x."ResourceKey" = h."Key") THEN 1 WHEN EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = 5572179284183636963 AND x."Check" = 4499497202274000119 AND x."ResourceKey" = h."Key") THEN 0 END) AS "S1" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE 1 = 0) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0) m
  WHERE (((m."S0" > @p1 OR m."S0" IS NULL)) OR (m."S0" = @p1 AND m."S1" IS NULL AND m."Key" > @p2)) ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."S1" DESC NULLS LAST, m."Key" 

-- ValueSet?url=http://a.example/v|1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "UriIndex" x
  WHERE ((x."Parameter" = @p0 AND x."Value" = @p1 AND x."Hash" = @p2) OR (x."Parameter" = @p3 AND x."Value" = @p4 AND x."Hash" = @p5))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- ValueSet?url=http://a.example/v|1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "UriIndex" x
  WHERE ((x."Parameter" = @p0 AND x."Value" = @p1 AND x."Hash" = @p2) OR (x."Parameter" = @p3 AND x."Value" = @p4 AND x."Hash" = @p5))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p6 AND h."IsDeleted" = 0 AND h."Key"  > @p7 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?subject:identifier=http://a.example|1&replaces=CarePlan/1/_history/2
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" ) ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?subject:identifier=http://a.example|1&replaces=CarePlan/1/_history/2, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" ) AND x."ResourceKey"  > @p9 ORDER BY x."ResourceKey"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=100101102103104105106107108109110111112113114115116117118119120121122123124125126127128129130131132133134135136137138139140141142143144145146147148149150151152153154155156157158159160161162163164165166167168169
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2 AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= @p3 AND y."Value" < @p4 AND y."Exact" = (x."Exact" | 65535) - 1) AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= @p5 AND y."Value" < @p6 AND y."Exact" = (x."Exact" | 65535) - 2)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p7 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=100101102103104105106107108109110111112113114115116117118119120121122123124125126127128129130131132133134135136137138139140141142143144145146147148149150151152153154155156157158159160161162163164165166167168169, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2 AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= @p3 AND y."Value" < @p4 AND y."Exact" = (x."Exact" | 65535) - 1) AND EXISTS (SELECT 1
  FROM "StringIndex" y
  WHERE y."ResourceKey" = x."ResourceKey" AND y."Parameter" = -622421375 AND y."Value" >= @p5 AND y."Value" < @p6 AND y."Exact" = (x."Exact" | 65535) - 2)) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p7 AND h."IsDeleted" = 0 AND h."Key"  > @p8 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- MolecularSequence?chromosome-variant-coordinate=7$gt1$ne9
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE ((x."Key" = @p0 AND x."Check" = @p1 AND x."Low" >= @p2 AND x."High" >= @p3) OR (x."Key" = @p4 AND x."Check" = @p5 AND x."Low" >= @p6 AND x."High" <= @p7))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p8 AND h."IsDeleted" = 0 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- MolecularSequence?chromosome-variant-coordinate=7$gt1$ne9, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE ((x."Key" = @p0 AND x."Check" = @p1 AND x."Low" >= @p2 AND x."High" >= @p3) OR (x."Key" = @p4 AND x."Check" = @p5 AND x."Low" >= @p6 AND x."High" <= @p7))) x CROSS JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p8 AND h."IsDeleted" = 0 AND h."Key"  > @p9 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p2 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."Key" >= @p0 AND h."Key" < @p1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p2 AND h."Key"  > @p3 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Sequence" >= @p1 AND h."Sequence" < @p2 ORDER BY h."Key"  LIMIT 256) h
  WHERE h."IsDeleted" = 0 AND h."LastUpdated" >= @p3 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Sequence" >= @p1 AND h."Sequence" < @p2) h
  WHERE h."IsDeleted" = 0 AND h."LastUpdated" >= @p3 ORDER BY h."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p1 ORDER BY h."Sequence"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p1 AND h."Sequence" > @p2 ORDER BY h."Sequence"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=_lastUpdated, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Sequence" >= @p1 AND h."Sequence" < @p2 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p3 ORDER BY h."Sequence"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0", m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p2) m ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p1 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p2) m
  WHERE (((m."S0" > @p3 OR m."S0" IS NULL)) OR (m."S0" = @p3 AND m."Key" > @p4)) ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 

-- Observation?_lastUpdated=gt2026-01-01&_sort=date, of a part of the change sequence
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT m.*
  FROM (SELECT h."Key", h."Id", h."Sequence" , (SELECT MIN(x."Start")
  FROM "DateIndex" x
  WHERE x."ResourceKey" = h."Key" AND x."Parameter" = @p0) AS "S0" 
  FROM "Resource" h
  WHERE h."TypeId" = @p1 AND h."Sequence" >= @p2 AND h."Sequence" < @p3 AND h."IsDeleted" = 0 AND h."LastUpdated" >= @p4) m ORDER BY m."S0" NULLS LAST, m."Key"  LIMIT 51) m CROSS JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" NULLS LAST, m."Key" 
