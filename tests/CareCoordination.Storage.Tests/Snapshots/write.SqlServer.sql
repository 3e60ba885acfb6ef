INSERT INTO "Resource" ("Key", "TypeId", "Id", "Version", "LastUpdated", "IsDeleted", "Sequence", "Presence") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7), (@p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)

DELETE t FROM "Resource" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7), (@p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)) AS d("Key", "TypeId", "Id", "Version", "LastUpdated", "IsDeleted", "Sequence", "Presence") ON t."Key" = d."Key"

INSERT INTO "ResourceVersion" ("Sequence", "ResourceKey", "Version", "TypeId", "LastUpdated", "Change", "Body") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)

DELETE t FROM "ResourceVersion" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)) AS d("Sequence", "ResourceKey", "Version", "TypeId", "LastUpdated", "Change", "Body") ON t."Sequence" = d."Sequence"

INSERT INTO "TokenIndex" ("Key", "Check", "ResourceKey", "System") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "TokenIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Key", "Check", "ResourceKey", "System") ON t."Key" = d."Key" AND t."Check" = d."Check" AND t."ResourceKey" = d."ResourceKey" AND t."System" = d."System"

INSERT INTO "StringIndex" ("Parameter", "Value", "ResourceKey", "Exact") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "StringIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Parameter", "Value", "ResourceKey", "Exact") ON t."Parameter" = d."Parameter" AND t."Value" = d."Value" AND t."ResourceKey" = d."ResourceKey" AND t."Exact" = d."Exact"

INSERT INTO "DateIndex" ("Parameter", "Start", "End", "ResourceKey") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "DateIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Parameter", "Start", "End", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Start" = d."Start" AND t."End" = d."End" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "NumberIndex" ("Parameter", "Low", "High", "ResourceKey") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "NumberIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Parameter", "Low", "High", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Low" = d."Low" AND t."High" = d."High" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "QuantityIndex" ("Parameter", "Low", "High", "System", "Unit", "ResourceKey") VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)

DELETE t FROM "QuantityIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)) AS d("Parameter", "Low", "High", "System", "Unit", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Low" = d."Low" AND t."High" = d."High" AND t."System" = d."System" AND t."Unit" = d."Unit" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "ReferenceIndex" ("Target", "Parameter", "ResourceKey") VALUES (@p0, @p1, @p2), (@p3, @p4, @p5)

DELETE t FROM "ReferenceIndex" t JOIN (VALUES (@p0, @p1, @p2), (@p3, @p4, @p5)) AS d("Target", "Parameter", "ResourceKey") ON t."Target" = d."Target" AND t."Parameter" = d."Parameter" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "UriIndex" ("Parameter", "Value", "Hash", "ResourceKey") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "UriIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Parameter", "Value", "Hash", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Value" = d."Value" AND t."Hash" = d."Hash" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "CompositeIndex" ("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

DELETE t FROM "CompositeIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)) AS d("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text") ON t."Key" = d."Key" AND t."Check" = d."Check" AND t."ResourceKey" = d."ResourceKey" AND t."FirstSystem" = d."FirstSystem" AND t."SecondCode" = d."SecondCode" AND t."SecondSystem" = d."SecondSystem" AND t."Low" = d."Low" AND t."High" = d."High" AND t."Text" = d."Text"

INSERT INTO "WorkItem" ("ResourceKey", "Id", "Owner", "Patient", "Status", "Priority", "Due") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)

DELETE t FROM "WorkItem" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)) AS d("ResourceKey", "Id", "Owner", "Patient", "Status", "Priority", "Due") ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "PatientFact" ("ResourceKey", "Kind", "Patient", "Manager", "At", "Rank", "Tier") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)

DELETE t FROM "PatientFact" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6), (@p7, @p8, @p9, @p10, @p11, @p12, @p13)) AS d("ResourceKey", "Kind", "Patient", "Manager", "At", "Rank", "Tier") ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Alarm" ("ResourceKey", "At") VALUES (@p0, @p1), (@p2, @p3)

DELETE t FROM "Alarm" t JOIN (VALUES (@p0, @p1), (@p2, @p3)) AS d("ResourceKey", "At") ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Delivery" ("Order", "MessageId", "Queue", "Partner", "TaskId", "RequestId", "Kind", "State", "Attempts", "QueuedAt", "ChangedAt", "FirstAttemptAt", "NextAt", "Lease", "LastStatus", "Sequence", "Problem", "Outcome", "Log") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18), (@p19, @p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35, @p36, @p37)

DELETE t FROM "Delivery" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18), (@p19, @p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35, @p36, @p37)) AS d("Order", "MessageId", "Queue", "Partner", "TaskId", "RequestId", "Kind", "State", "Attempts", "QueuedAt", "ChangedAt", "FirstAttemptAt", "NextAt", "Lease", "LastStatus", "Sequence", "Problem", "Outcome", "Log") ON t."Order" = d."Order"

INSERT INTO "PartnerCopy" ("Partner", "TaskId", "Reference", "Version", "Status", "UpdatedAt") VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)

DELETE t FROM "PartnerCopy" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)) AS d("Partner", "TaskId", "Reference", "Version", "Status", "UpdatedAt") ON t."Partner" = d."Partner" AND t."TaskId" = d."TaskId"

INSERT INTO "Inbound" ("Partner", "Reference", "Version", "Order", "TaskId", "State", "At", "Reason", "Body") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

DELETE t FROM "Inbound" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)) AS d("Partner", "Reference", "Version", "Order", "TaskId", "State", "At", "Reason", "Body") ON t."Partner" = d."Partner" AND t."Reference" = d."Reference" AND t."Version" = d."Version"

INSERT INTO "PartnerMark" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9), (@p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19)

DELETE t FROM "PartnerMark" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9), (@p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19)) AS d("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem") ON t."Partner" = d."Partner"

DELETE t FROM "WorkItem" t JOIN (VALUES (@p0), (@p1)) AS d("ResourceKey") ON t."ResourceKey" = d."ResourceKey"

DELETE t FROM "PatientFact" t JOIN (VALUES (@p0), (@p1)) AS d("ResourceKey") ON t."ResourceKey" = d."ResourceKey"

DELETE t FROM "Alarm" t JOIN (VALUES (@p0), (@p1)) AS d("ResourceKey") ON t."ResourceKey" = d."ResourceKey"

UPDATE h SET "Version" = d."Version", "LastUpdated" = d."LastUpdated", "IsDeleted" = d."IsDeleted", "Sequence" = d."Sequence", "Presence" = d."Presence" FROM "Resource" h JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7), (@p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)) AS d("Key", "TypeId", "Id", "Version", "LastUpdated", "IsDeleted", "Sequence", "Presence") ON h."Key" = d."Key" 
