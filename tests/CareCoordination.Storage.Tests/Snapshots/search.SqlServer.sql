-- Patient
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Key" >= @p1 AND h."Key" < @p2 AND h."IsDeleted" = 0 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Key" >= @p1 AND h."Key" < @p2 AND h."IsDeleted" = 0 AND h."Key"  > @p3 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" IN (@p1, @p2) ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?_id=a,b, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."IsDeleted" = 0 AND h."Id" IN (@p1, @p2) AND h."Key"  > @p3 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family=Smith, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" >= @p1 AND x."Value" < @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND h."Key"  > @p4 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" = @p1 AND x."Exact" = @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" = @p4 AND CHARINDEX(@p5, x."Value" ) > 0 AND x."ResourceKey" = h."Key" ) ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?family:exact=Smith&given:contains=nn, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "StringIndex" x
  WHERE x."Parameter" = @p0 AND x."Value" = @p1 AND x."Exact" = @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "StringIndex" x
  WHERE x."Parameter" = @p4 AND CHARINDEX(@p5, x."Value" ) > 0 AND x."ResourceKey" = h."Key" ) AND h."Key"  > @p6 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Patient?identifier=http://a.example|1, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "TokenIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."System" IN (@p2, @p3) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" y
  WHERE y."Key" = x."Key" AND y."Check" = x."Check"
 AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System" AND y."System" IN (@p4, @p5)) AND h."IsDeleted" = 0 AND x."ResourceKey"  > @p6 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."ResourceKey" = h."Key" ) ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=Patient/1&status=active, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."ResourceKey" = h."Key" ) AND x."ResourceKey"  > @p5 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE ((x."Key" = @p3 AND x."Check" = @p4) OR (x."Key" = @p5 AND x."Check" = @p6)) AND x."ResourceKey" = h."Key" ) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = @p9 AND (x."End"  > @p10 OR x."Start"  >= @p11) AND x."ResourceKey" = h."Key" ) ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- CarePlan?patient=1&status=active,draft&category:not=x&date=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM "ReferenceIndex" x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE x."Parameter" = @p0 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p1 AND r."Id" = @p2) AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE ((x."Key" = @p3 AND x."Check" = @p4) OR (x."Key" = @p5 AND x."Check" = @p6)) AND x."ResourceKey" = h."Key" ) AND NOT EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p7 AND x."Check" = @p8 AND x."ResourceKey" = h."Key" ) AND EXISTS (SELECT 1
  FROM "DateIndex" x
  WHERE x."Parameter" = @p9 AND (x."End"  > @p10 OR x."Start"  >= @p11) AND x."ResourceKey" = h."Key" ) AND x."ResourceKey"  > @p12 ORDER BY x."ResourceKey"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 256 ROWS ONLY) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p1 AND x."Check" = @p2 AND x."ResourceKey" = h."Key" ) ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Sequence" < @p1 ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 256 ROWS ONLY) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "TokenIndex" x
  WHERE x."Key" = @p2 AND x."Check" = @p3 AND x."ResourceKey" = h."Key" ) ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

-- Task?status=requested&_sort=-_lastUpdated&_count=20, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" , m."S0"
  FROM (SELECT h."Key", h."Id", h."Sequence" , h."Sequence" AS "S0" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "TokenIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND h."Sequence" < @p3 ORDER BY h."Sequence" DESC OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."S0" DESC, m."Key" 

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
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."System" IN (@p5, @p6))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p7 AND h."IsDeleted" = 0) m ORDER BY CASE WHEN m."S0" IS NULL THEN 1 ELSE 0 END, m."S0" DESC, CASE WHEN m."S1" IS NULL THEN 1 ELSE 0 END, m."S1", m."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY CASE WHEN m."S0" IS NULL THEN 1 ELSE 0 END, m."S0" DESC, CASE WHEN m."S1" IS NULL THEN 1 ELSE 0 END, m."S1", m."Key" 

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
  WHERE x."Key" = @p3 AND x."Check" = @p4 AND x."System" IN (@p5, @p6))) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p7 AND h."IsDeleted" = 0) m
  WHERE ((m."S0" IS NULL AND (m."S1" > @p8 OR m."S1" IS NULL)) OR (m."S0" IS NULL AND m."S1" = @p9 AND m."Key" > @p10)) ORDER BY CASE WHEN m."S0" IS NULL THEN 1 ELSE 0 END, m."S0" DESC, CASE WHEN m."S1" IS NULL THEN 1 ELSE 0 END, m."S1", m."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY CASE WHEN m."S0" IS NULL THEN 1 ELSE 0 END, m."S0" DESC, CASE WHEN m."S1" IS NULL THEN 1 ELSE 0 END, m."S1", m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."High" > @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = @p4 AND x."Low" >= @p5 AND x."Low" < @p6 AND x."High" < @p7 AND x."System" = @p8 AND x."Unit" = @p9 AND x."ResourceKey" = h."Key" ) AND ((h."LastUpdated" + 10000) > @p10 OR h."LastUpdated"  >= @p11) ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- Observation?code-value-quantity=8480-6$gt140&value-quantity=5.4|http://unitsofmeasure.org|mg&_lastUpdated=ge2024-01-01, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "CompositeIndex" x
  WHERE x."Key" = @p0 AND x."Check" = @p1 AND x."High" > @p2) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p3 AND h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "QuantityIndex" x
  WHERE x."Parameter" = @p4 AND x."Low" >= @p5 AND x."Low" < @p6 AND x."High" < @p7 AND x."System" = @p8 AND x."Unit" = @p9 AND x."ResourceKey" = h."Key" ) AND ((h."LastUpdated" + 10000) > @p10 OR h."LastUpdated"  >= @p11) AND h."Key"  > @p12 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Key" >= @p1 AND h."Key" < @p2 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 256 ROWS ONLY) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p3 AND x."High" > @p4 AND x."ResourceKey" = h."Key" ) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p5 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p6 AND r."Id" = @p7) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p8 AND x."Value" = @p9 AND x."Hash" = @p10 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p11) = 0 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p0 AND x."High" > @p1) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p9) = 0 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated" 
  FROM "Resource" h
  WHERE h."TypeId" = @p0 AND h."Key" >= @p1 AND h."Key" < @p2 AND h."Key"  > @p3 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 256 ROWS ONLY) h
  WHERE h."IsDeleted" = 0 AND EXISTS (SELECT 1
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p4 AND x."High" > @p5 AND x."ResourceKey" = h."Key" ) AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p6 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p7 AND r."Id" = @p8) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p9 AND x."Value" = @p10 AND x."Hash" = @p11 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p12) = 0 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 

-- RiskAssessment?probability=gt0.5&subject=http://elsewhere.example/fhir/Patient/1,Patient/2&date:missing=true, next page
SELECT m."Key", m."Id", v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" 
  FROM (SELECT h."Key", h."Id", h."Sequence" 
  FROM (SELECT DISTINCT x."ResourceKey"
  FROM "NumberIndex" x
  WHERE x."Parameter" = @p0 AND x."High" > @p1) x JOIN "Resource" h ON h."Key" = x."ResourceKey"
  WHERE h."TypeId" = @p2 AND h."IsDeleted" = 0 AND (EXISTS (SELECT 1
  FROM "ReferenceIndex" x
  WHERE x."Parameter" = @p3 AND x."Target" = (SELECT r."Key"
  FROM "Resource" r
  WHERE r."TypeId" = @p4 AND r."Id" = @p5) AND x."ResourceKey" = h."Key" ) OR EXISTS (SELECT 1
  FROM "UriIndex" x
  WHERE x."Parameter" = @p6 AND x."Value" = @p7 AND x."Hash" = @p8 AND x."ResourceKey" = h."Key" )) AND (h."Presence" & @p9) = 0 AND h."Key"  > @p10 ORDER BY h."Key"  OFFSET 0 ROWS FETCH NEXT 51 ROWS ONLY) m JOIN "ResourceVersion" v ON v."Sequence" = m."Sequence"  ORDER BY m."Key" 
