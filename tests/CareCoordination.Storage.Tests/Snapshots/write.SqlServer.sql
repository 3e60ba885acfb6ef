DECLARE @clock bigint = (DATEDIFF_BIG(MILLISECOND, CAST('0001-01-01' AS datetime2), SYSUTCDATETIME()) * 10000);
DECLARE @now bigint = CASE WHEN @p1 - @clock > @p7 THEN @clock ELSE @p1 END;
UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + @p0,
    "LastUpdated" = CASE WHEN "LastUpdated" <= @now THEN @now ELSE "LastUpdated" + 10000 END, "NextKey" = "NextKey" + @p2,
    "PreviousCommitId" = "CommitId", "CommitId" = @p4
WHERE "Id" = 1;
SELECT "Sequence", "LastUpdated", "NextKey", "PreviousCommitId", @now, @clock
FROM "ChangeSequence" WHERE "Id" = 1;
SELECT d."Place", h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", h."Patient", h."Labels",
    v."Change", v."Body"
FROM OPENJSON(@p3) WITH ("Place" int '$[0]', "TypeId" smallint '$[1]', "Id" nvarchar(64) '$[2]', "NeedsBody" int '$[3]') d
JOIN "Resource" h ON h."TypeId" = d."TypeId" AND h."Id" = d."Id" COLLATE Latin1_General_100_BIN2
LEFT JOIN "ResourceVersion" v ON d."NeedsBody" = 1 AND v."Sequence" = h."Sequence"
WHERE d."Place" < @p5 OR EXISTS (
    SELECT 1 FROM "ChangeSequence" c WHERE c."Id" = 1 AND c."PreviousCommitId" <> @p6)

INSERT INTO "Resource" ("Key", "TypeId", "Id", "Version", "LastUpdated", "IsDeleted", "Sequence", "Presence", "Status", "Patient", "Labels") SELECT d."Key", d."TypeId", d."Id", d."Version", d."LastUpdated", d."IsDeleted", d."Sequence", d."Presence", d."Status", d."Patient", d."Labels" FROM OPENJSON(@p0) WITH ("Key" bigint '$[0]', "TypeId" smallint '$[1]', "Id" nvarchar(64) '$[2]', "Version" int '$[3]', "LastUpdated" bigint '$[4]', "IsDeleted" smallint '$[5]', "Sequence" bigint '$[6]', "Presence" bigint '$[7]', "Status" bigint '$[8]', "Patient" bigint '$[9]', "Labels" bigint '$[10]') d

DELETE t FROM "Resource" t JOIN OPENJSON(@p0) WITH ("Key" bigint '$[0]', "TypeId" smallint '$[1]', "Id" nvarchar(64) '$[2]', "Version" int '$[3]', "LastUpdated" bigint '$[4]', "IsDeleted" smallint '$[5]', "Sequence" bigint '$[6]', "Presence" bigint '$[7]', "Status" bigint '$[8]', "Patient" bigint '$[9]', "Labels" bigint '$[10]') d ON t."Key" = d."Key"

INSERT INTO "ResourceVersion" ("Sequence", "ResourceKey", "Version", "TypeId", "LastUpdated", "Change", "Body", "Patient", "Labels") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

DELETE t FROM "ResourceVersion" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)) AS d("Sequence", "ResourceKey", "Version", "TypeId", "LastUpdated", "Change", "Body", "Patient", "Labels") ON t."Sequence" = d."Sequence"

INSERT INTO "ActingChange" ("Id", "CommitId") SELECT d."Id", d."CommitId" FROM OPENJSON(@p0) WITH ("Id" smallint '$[0]', "CommitId" bigint '$[1]') d

DELETE t FROM "ActingChange" t JOIN OPENJSON(@p0) WITH ("Id" smallint '$[0]', "CommitId" bigint '$[1]') d ON t."Id" = d."Id"

INSERT INTO "TokenIndex" ("Key", "Check", "ResourceKey", "System") SELECT d."Key", d."Check", d."ResourceKey", d."System" FROM OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Check" bigint '$[1]', "ResourceKey" bigint '$[2]', "System" bigint '$[3]') d

DELETE t FROM "TokenIndex" t JOIN OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Check" bigint '$[1]', "ResourceKey" bigint '$[2]', "System" bigint '$[3]') d ON t."Key" = d."Key" AND t."Check" = d."Check" AND t."ResourceKey" = d."ResourceKey" AND t."System" = d."System"

INSERT INTO "StringIndex" ("Parameter", "Value", "ResourceKey", "Exact") SELECT d."Parameter", d."Value", d."ResourceKey", d."Exact" FROM OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Value" nvarchar(128) '$[1]', "ResourceKey" bigint '$[2]', "Exact" bigint '$[3]') d

DELETE t FROM "StringIndex" t JOIN OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Value" nvarchar(128) '$[1]', "ResourceKey" bigint '$[2]', "Exact" bigint '$[3]') d ON t."Parameter" = d."Parameter" AND t."Value" = d."Value" COLLATE Latin1_General_100_BIN2 AND t."ResourceKey" = d."ResourceKey" AND t."Exact" = d."Exact"

INSERT INTO "DateIndex" ("Parameter", "Start", "End", "ResourceKey") SELECT d."Parameter", d."Start", d."End", d."ResourceKey" FROM OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Start" bigint '$[1]', "End" bigint '$[2]', "ResourceKey" bigint '$[3]') d

DELETE t FROM "DateIndex" t JOIN OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Start" bigint '$[1]', "End" bigint '$[2]', "ResourceKey" bigint '$[3]') d ON t."Parameter" = d."Parameter" AND t."Start" = d."Start" AND t."End" = d."End" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "NumberIndex" ("Parameter", "Low", "High", "ResourceKey") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "NumberIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Parameter", "Low", "High", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Low" = d."Low" AND t."High" = d."High" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "QuantityIndex" ("Parameter", "Low", "High", "System", "Unit", "ResourceKey") VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)

DELETE t FROM "QuantityIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5), (@p6, @p7, @p8, @p9, @p10, @p11)) AS d("Parameter", "Low", "High", "System", "Unit", "ResourceKey") ON t."Parameter" = d."Parameter" AND t."Low" = d."Low" AND t."High" = d."High" AND t."System" = d."System" AND t."Unit" = d."Unit" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "ReferenceIndex" ("Target", "Parameter", "ResourceKey") SELECT d."Target", d."Parameter", d."ResourceKey" FROM OPENJSON(@p0) WITH ("Target" bigint '$[0]', "Parameter" int '$[1]', "ResourceKey" bigint '$[2]') d

DELETE t FROM "ReferenceIndex" t JOIN OPENJSON(@p0) WITH ("Target" bigint '$[0]', "Parameter" int '$[1]', "ResourceKey" bigint '$[2]') d ON t."Target" = d."Target" AND t."Parameter" = d."Parameter" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "UriIndex" ("Parameter", "Value", "Hash", "ResourceKey") SELECT d."Parameter", d."Value", d."Hash", d."ResourceKey" FROM OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Value" nvarchar(400) '$[1]', "Hash" bigint '$[2]', "ResourceKey" bigint '$[3]') d

DELETE t FROM "UriIndex" t JOIN OPENJSON(@p0) WITH ("Parameter" int '$[0]', "Value" nvarchar(400) '$[1]', "Hash" bigint '$[2]', "ResourceKey" bigint '$[3]') d ON t."Parameter" = d."Parameter" AND t."Value" = d."Value" COLLATE Latin1_General_100_BIN2 AND t."Hash" = d."Hash" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "CompositeIndex" ("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

DELETE t FROM "CompositeIndex" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)) AS d("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text") ON t."Key" = d."Key" AND t."Check" = d."Check" AND t."ResourceKey" = d."ResourceKey" AND t."FirstSystem" = d."FirstSystem" AND t."SecondCode" = d."SecondCode" AND t."SecondSystem" = d."SecondSystem" AND t."Low" = d."Low" AND t."High" = d."High" AND t."Text" = d."Text" COLLATE Latin1_General_100_BIN2

INSERT INTO "WorkItem" ("ResourceKey", "Id", "Owner", "Patient", "Status", "Priority", "Due") SELECT d."ResourceKey", d."Id", d."Owner", d."Patient", d."Status", d."Priority", d."Due" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "Id" nvarchar(64) '$[1]', "Owner" bigint '$[2]', "Patient" bigint '$[3]', "Status" smallint '$[4]', "Priority" smallint '$[5]', "Due" bigint '$[6]') d

DELETE t FROM "WorkItem" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "Id" nvarchar(64) '$[1]', "Owner" bigint '$[2]', "Patient" bigint '$[3]', "Status" smallint '$[4]', "Priority" smallint '$[5]', "Due" bigint '$[6]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "PatientFact" ("ResourceKey", "Kind", "Patient", "Manager", "At", "Rank", "Tier") SELECT d."ResourceKey", d."Kind", d."Patient", d."Manager", d."At", d."Rank", d."Tier" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "Kind" smallint '$[1]', "Patient" bigint '$[2]', "Manager" bigint '$[3]', "At" bigint '$[4]', "Rank" smallint '$[5]', "Tier" nvarchar(64) '$[6]') d

DELETE t FROM "PatientFact" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "Kind" smallint '$[1]', "Patient" bigint '$[2]', "Manager" bigint '$[3]', "At" bigint '$[4]', "Rank" smallint '$[5]', "Tier" nvarchar(64) '$[6]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Timer" ("ResourceKey", "At") SELECT d."ResourceKey", d."At" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "At" bigint '$[1]') d

DELETE t FROM "Timer" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]', "At" bigint '$[1]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Reading" ("Subject", "Code", "At", "ResourceKey") SELECT d."Subject", d."Code", d."At", d."ResourceKey" FROM OPENJSON(@p0) WITH ("Subject" bigint '$[0]', "Code" bigint '$[1]', "At" bigint '$[2]', "ResourceKey" bigint '$[3]') d

DELETE t FROM "Reading" t JOIN OPENJSON(@p0) WITH ("Subject" bigint '$[0]', "Code" bigint '$[1]', "At" bigint '$[2]', "ResourceKey" bigint '$[3]') d ON t."Subject" = d."Subject" AND t."Code" = d."Code" AND t."At" = d."At" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "SharedPatient" ("Sequence", "Patient") SELECT d."Sequence", d."Patient" FROM OPENJSON(@p0) WITH ("Sequence" bigint '$[0]', "Patient" bigint '$[1]') d

DELETE t FROM "SharedPatient" t JOIN OPENJSON(@p0) WITH ("Sequence" bigint '$[0]', "Patient" bigint '$[1]') d ON t."Sequence" = d."Sequence" AND t."Patient" = d."Patient"

INSERT INTO "CareRelation" ("Party", "Kind", "Of", "Start", "End", "ResourceKey") SELECT d."Party", d."Kind", d."Of", d."Start", d."End", d."ResourceKey" FROM OPENJSON(@p0) WITH ("Party" bigint '$[0]', "Kind" smallint '$[1]', "Of" bigint '$[2]', "Start" bigint '$[3]', "End" bigint '$[4]', "ResourceKey" bigint '$[5]') d

DELETE t FROM "CareRelation" t JOIN OPENJSON(@p0) WITH ("Party" bigint '$[0]', "Kind" smallint '$[1]', "Of" bigint '$[2]', "Start" bigint '$[3]', "End" bigint '$[4]', "ResourceKey" bigint '$[5]') d ON t."Party" = d."Party" AND t."Kind" = d."Kind" AND t."Of" = d."Of" AND t."Start" = d."Start" AND t."End" = d."End" AND t."ResourceKey" = d."ResourceKey"

INSERT INTO "ConsentRule" ("Patient", "ResourceKey", "Place", "IsException", "Party", "Purpose", "TypeId", "Labels", "Start", "End") SELECT d."Patient", d."ResourceKey", d."Place", d."IsException", d."Party", d."Purpose", d."TypeId", d."Labels", d."Start", d."End" FROM OPENJSON(@p0) WITH ("Patient" bigint '$[0]', "ResourceKey" bigint '$[1]', "Place" smallint '$[2]', "IsException" smallint '$[3]', "Party" bigint '$[4]', "Purpose" bigint '$[5]', "TypeId" smallint '$[6]', "Labels" bigint '$[7]', "Start" bigint '$[8]', "End" bigint '$[9]') d

DELETE t FROM "ConsentRule" t JOIN OPENJSON(@p0) WITH ("Patient" bigint '$[0]', "ResourceKey" bigint '$[1]', "Place" smallint '$[2]', "IsException" smallint '$[3]', "Party" bigint '$[4]', "Purpose" bigint '$[5]', "TypeId" smallint '$[6]', "Labels" bigint '$[7]', "Start" bigint '$[8]', "End" bigint '$[9]') d ON t."Patient" = d."Patient" AND t."ResourceKey" = d."ResourceKey" AND t."Place" = d."Place"

INSERT INTO "Outbox" ("Order", "MessageId", "Queue", "Topic", "Destination", "Subject", "About", "Kind", "State", "Attempts", "QueuedAt", "ChangedAt", "FirstAttemptAt", "NextAt", "Lease", "LastStatus", "Sequence", "Problem", "Outcome", "Log") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19), (@p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35, @p36, @p37, @p38, @p39)

DELETE t FROM "Outbox" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19), (@p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35, @p36, @p37, @p38, @p39)) AS d("Order", "MessageId", "Queue", "Topic", "Destination", "Subject", "About", "Kind", "State", "Attempts", "QueuedAt", "ChangedAt", "FirstAttemptAt", "NextAt", "Lease", "LastStatus", "Sequence", "Problem", "Outcome", "Log") ON t."Order" = d."Order"

INSERT INTO "PartnerCopy" ("Partner", "TaskId", "Reference", "Version", "Status", "UpdatedAt") SELECT d."Partner", d."TaskId", d."Reference", d."Version", d."Status", d."UpdatedAt" FROM OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "TaskId" nvarchar(64) '$[1]', "Reference" nvarchar(256) '$[2]', "Version" nvarchar(64) '$[3]', "Status" nvarchar(64) '$[4]', "UpdatedAt" bigint '$[5]') d

DELETE t FROM "PartnerCopy" t JOIN OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "TaskId" nvarchar(64) '$[1]', "Reference" nvarchar(256) '$[2]', "Version" nvarchar(64) '$[3]', "Status" nvarchar(64) '$[4]', "UpdatedAt" bigint '$[5]') d ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2 AND t."TaskId" = d."TaskId" COLLATE Latin1_General_100_BIN2

INSERT INTO "Inbound" ("Partner", "Reference", "Version", "Order", "TaskId", "State", "At", "Reason", "Body") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)

DELETE t FROM "Inbound" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8), (@p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)) AS d("Partner", "Reference", "Version", "Order", "TaskId", "State", "At", "Reason", "Body") ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2 AND t."Reference" = d."Reference" COLLATE Latin1_General_100_BIN2 AND t."Version" = d."Version" COLLATE Latin1_General_100_BIN2

INSERT INTO "PartnerStatus" ("Partner", "PolledThrough", "PolledAt", "ReadThrough", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem") SELECT d."Partner", d."PolledThrough", d."PolledAt", d."ReadThrough", d."PollLease", d."PollLeaseEnd", d."PollProblem", d."LastSuccessAt", d."LastFailureAt", d."ConsecutiveFailures", d."IsPaused", d."LastProblem" FROM OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "PolledThrough" bigint '$[1]', "PolledAt" bigint '$[2]', "ReadThrough" nvarchar(64) '$[3]', "PollLease" nvarchar(64) '$[4]', "PollLeaseEnd" bigint '$[5]', "PollProblem" nvarchar(512) '$[6]', "LastSuccessAt" bigint '$[7]', "LastFailureAt" bigint '$[8]', "ConsecutiveFailures" int '$[9]', "IsPaused" smallint '$[10]', "LastProblem" nvarchar(512) '$[11]') d

DELETE t FROM "PartnerStatus" t JOIN OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "PolledThrough" bigint '$[1]', "PolledAt" bigint '$[2]', "ReadThrough" nvarchar(64) '$[3]', "PollLease" nvarchar(64) '$[4]', "PollLeaseEnd" bigint '$[5]', "PollProblem" nvarchar(512) '$[6]', "LastSuccessAt" bigint '$[7]', "LastFailureAt" bigint '$[8]', "ConsecutiveFailures" int '$[9]', "IsPaused" smallint '$[10]', "LastProblem" nvarchar(512) '$[11]') d ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2

INSERT INTO "RememberedAnswer" ("KeyHash", "Digest", "AnswerType", "AnswerId", "AnswerVersion", "CreatedAt", "ExpiresAt") SELECT d."KeyHash", d."Digest", d."AnswerType", d."AnswerId", d."AnswerVersion", d."CreatedAt", d."ExpiresAt" FROM OPENJSON(@p0) WITH ("KeyHash" nvarchar(64) '$[0]', "Digest" nvarchar(64) '$[1]', "AnswerType" nvarchar(64) '$[2]', "AnswerId" nvarchar(64) '$[3]', "AnswerVersion" int '$[4]', "CreatedAt" bigint '$[5]', "ExpiresAt" bigint '$[6]') d

DELETE t FROM "RememberedAnswer" t JOIN OPENJSON(@p0) WITH ("KeyHash" nvarchar(64) '$[0]', "Digest" nvarchar(64) '$[1]', "AnswerType" nvarchar(64) '$[2]', "AnswerId" nvarchar(64) '$[3]', "AnswerVersion" int '$[4]', "CreatedAt" bigint '$[5]', "ExpiresAt" bigint '$[6]') d ON t."KeyHash" = d."KeyHash" COLLATE Latin1_General_100_BIN2

INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Failures", "Arguments") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7), (@p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)

DELETE t FROM "Job" t JOIN (VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7), (@p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)) AS d("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Failures", "Arguments") ON t."JobId" = d."JobId" COLLATE Latin1_General_100_BIN2

INSERT INTO "JobStep" ("JobId", "Place", "Result") VALUES (@p0, @p1, @p2), (@p3, @p4, @p5)

DELETE t FROM "JobStep" t JOIN (VALUES (@p0, @p1, @p2), (@p3, @p4, @p5)) AS d("JobId", "Place", "Result") ON t."JobId" = d."JobId" COLLATE Latin1_General_100_BIN2 AND t."Place" = d."Place"

INSERT INTO "AuditRow" ("Sequence", "Recorded", "Content", "Hash") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "AuditRow" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Sequence", "Recorded", "Content", "Hash") ON t."Sequence" = d."Sequence"

INSERT INTO "AuditKey" ("Key", "Sequence") SELECT d."Key", d."Sequence" FROM OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Sequence" bigint '$[1]') d

DELETE t FROM "AuditKey" t JOIN OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Sequence" bigint '$[1]') d ON t."Key" = d."Key" AND t."Sequence" = d."Sequence"

INSERT INTO "AuditCut" ("Id", "Sequence", "Recorded", "Hash") VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)

DELETE t FROM "AuditCut" t JOIN (VALUES (@p0, @p1, @p2, @p3), (@p4, @p5, @p6, @p7)) AS d("Id", "Sequence", "Recorded", "Hash") ON t."Id" = d."Id"

INSERT INTO "WorkItem" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "WorkItem" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "PatientFact" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "PatientFact" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Timer" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "Timer" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "StringIndex" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "StringIndex" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "DateIndex" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "DateIndex" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "NumberIndex" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "NumberIndex" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "QuantityIndex" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "QuantityIndex" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "UriIndex" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "UriIndex" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "Reading" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "Reading" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "CareRelation" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "CareRelation" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "ConsentRule" ("ResourceKey") SELECT d."ResourceKey" FROM OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d

DELETE t FROM "ConsentRule" t JOIN OPENJSON(@p0) WITH ("ResourceKey" bigint '$[0]') d ON t."ResourceKey" = d."ResourceKey"

INSERT INTO "SharedPatient" ("Sequence") SELECT d."Sequence" FROM OPENJSON(@p0) WITH ("Sequence" bigint '$[0]') d

DELETE t FROM "SharedPatient" t JOIN OPENJSON(@p0) WITH ("Sequence" bigint '$[0]') d ON t."Sequence" = d."Sequence"

INSERT INTO "Outbox" ("Order") SELECT d."Order" FROM OPENJSON(@p0) WITH ("Order" bigint '$[0]') d

DELETE t FROM "Outbox" t JOIN OPENJSON(@p0) WITH ("Order" bigint '$[0]') d ON t."Order" = d."Order"

INSERT INTO "PartnerCopy" ("Partner", "TaskId") SELECT d."Partner", d."TaskId" FROM OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "TaskId" nvarchar(64) '$[1]') d

DELETE t FROM "PartnerCopy" t JOIN OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "TaskId" nvarchar(64) '$[1]') d ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2 AND t."TaskId" = d."TaskId" COLLATE Latin1_General_100_BIN2

INSERT INTO "Inbound" ("Partner", "Reference", "Version") SELECT d."Partner", d."Reference", d."Version" FROM OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "Reference" nvarchar(256) '$[1]', "Version" nvarchar(64) '$[2]') d

DELETE t FROM "Inbound" t JOIN OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]', "Reference" nvarchar(256) '$[1]', "Version" nvarchar(64) '$[2]') d ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2 AND t."Reference" = d."Reference" COLLATE Latin1_General_100_BIN2 AND t."Version" = d."Version" COLLATE Latin1_General_100_BIN2

INSERT INTO "PartnerStatus" ("Partner") SELECT d."Partner" FROM OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]') d

DELETE t FROM "PartnerStatus" t JOIN OPENJSON(@p0) WITH ("Partner" nvarchar(64) '$[0]') d ON t."Partner" = d."Partner" COLLATE Latin1_General_100_BIN2

INSERT INTO "RememberedAnswer" ("KeyHash") SELECT d."KeyHash" FROM OPENJSON(@p0) WITH ("KeyHash" nvarchar(64) '$[0]') d

DELETE t FROM "RememberedAnswer" t JOIN OPENJSON(@p0) WITH ("KeyHash" nvarchar(64) '$[0]') d ON t."KeyHash" = d."KeyHash" COLLATE Latin1_General_100_BIN2

INSERT INTO "Job" ("JobId") SELECT d."JobId" FROM OPENJSON(@p0) WITH ("JobId" nvarchar(64) '$[0]') d

DELETE t FROM "Job" t JOIN OPENJSON(@p0) WITH ("JobId" nvarchar(64) '$[0]') d ON t."JobId" = d."JobId" COLLATE Latin1_General_100_BIN2

INSERT INTO "JobStep" ("JobId", "Place") SELECT d."JobId", d."Place" FROM OPENJSON(@p0) WITH ("JobId" nvarchar(64) '$[0]', "Place" int '$[1]') d

DELETE t FROM "JobStep" t JOIN OPENJSON(@p0) WITH ("JobId" nvarchar(64) '$[0]', "Place" int '$[1]') d ON t."JobId" = d."JobId" COLLATE Latin1_General_100_BIN2 AND t."Place" = d."Place"

INSERT INTO "AuditRow" ("Sequence") SELECT d."Sequence" FROM OPENJSON(@p0) WITH ("Sequence" bigint '$[0]') d

DELETE t FROM "AuditRow" t JOIN OPENJSON(@p0) WITH ("Sequence" bigint '$[0]') d ON t."Sequence" = d."Sequence"

INSERT INTO "AuditKey" ("Key", "Sequence") SELECT d."Key", d."Sequence" FROM OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Sequence" bigint '$[1]') d

DELETE t FROM "AuditKey" t JOIN OPENJSON(@p0) WITH ("Key" bigint '$[0]', "Sequence" bigint '$[1]') d ON t."Key" = d."Key" AND t."Sequence" = d."Sequence"

INSERT INTO "AuditCut" ("Id") SELECT d."Id" FROM OPENJSON(@p0) WITH ("Id" smallint '$[0]') d

DELETE t FROM "AuditCut" t JOIN OPENJSON(@p0) WITH ("Id" smallint '$[0]') d ON t."Id" = d."Id"

UPDATE h SET "Version" = d."Version", "LastUpdated" = d."LastUpdated", "IsDeleted" = d."IsDeleted", "Sequence" = d."Sequence", "Presence" = d."Presence", "Status" = d."Status", "Patient" = d."Patient", "Labels" = d."Labels" FROM "Resource" h JOIN OPENJSON(@p0) WITH ("Key" bigint '$[0]', "TypeId" smallint '$[1]', "Id" nvarchar(64) '$[2]', "Version" int '$[3]', "LastUpdated" bigint '$[4]', "IsDeleted" smallint '$[5]', "Sequence" bigint '$[6]', "Presence" bigint '$[7]', "Status" bigint '$[8]', "Patient" bigint '$[9]', "Labels" bigint '$[10]') d ON h."Key" = d."Key"
