CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

CREATE TABLE "Alarm" (
    "ResourceKey" INTEGER NOT NULL CONSTRAINT "PK_Alarm" PRIMARY KEY,
    "At" INTEGER NOT NULL
);

CREATE TABLE "ChangeSequence" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_ChangeSequence" PRIMARY KEY,
    "LastUpdated" INTEGER NOT NULL,
    "NextKey" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL
);

CREATE TABLE "CompositeIndex" (
    "Key" INTEGER NOT NULL,
    "Check" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    "FirstSystem" INTEGER NOT NULL,
    "SecondCode" INTEGER NOT NULL,
    "SecondSystem" INTEGER NOT NULL,
    "Low" REAL NOT NULL,
    "High" REAL NOT NULL,
    "Text" TEXT NOT NULL,
    CONSTRAINT "PK_CompositeIndex" PRIMARY KEY ("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text")
) WITHOUT ROWID;

CREATE TABLE "DateIndex" (
    "Parameter" INTEGER NOT NULL,
    "Start" INTEGER NOT NULL,
    "End" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_DateIndex" PRIMARY KEY ("Parameter", "Start", "End", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "Inbound" (
    "Partner" TEXT NOT NULL,
    "Reference" TEXT NOT NULL,
    "Version" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    "Body" BLOB NULL,
    "Order" INTEGER NOT NULL,
    "Reason" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "TaskId" TEXT NOT NULL,
    CONSTRAINT "PK_Inbound" PRIMARY KEY ("Partner", "Reference", "Version")
) WITHOUT ROWID;

CREATE TABLE "Job" (
    "JobId" TEXT NOT NULL CONSTRAINT "PK_Job" PRIMARY KEY,
    "Arguments" BLOB NULL,
    "CreatedAt" INTEGER NOT NULL,
    "EndedAt" INTEGER NOT NULL,
    "IsGivenUp" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "Total" INTEGER NOT NULL
);

CREATE TABLE "JobStep" (
    "JobId" TEXT NOT NULL,
    "Place" INTEGER NOT NULL,
    "Result" BLOB NULL,
    CONSTRAINT "PK_JobStep" PRIMARY KEY ("JobId", "Place")
) WITHOUT ROWID;

CREATE TABLE "NumberIndex" (
    "Parameter" INTEGER NOT NULL,
    "Low" REAL NOT NULL,
    "High" REAL NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_NumberIndex" PRIMARY KEY ("Parameter", "Low", "High", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "Outbox" (
    "Order" INTEGER NOT NULL CONSTRAINT "PK_Outbox" PRIMARY KEY,
    "About" TEXT NOT NULL,
    "Attempts" INTEGER NOT NULL,
    "ChangedAt" INTEGER NOT NULL,
    "Destination" TEXT NOT NULL,
    "FirstAttemptAt" INTEGER NOT NULL,
    "Kind" INTEGER NOT NULL,
    "LastStatus" INTEGER NOT NULL,
    "Lease" TEXT NOT NULL,
    "Log" BLOB NULL,
    "MessageId" TEXT NOT NULL,
    "NextAt" INTEGER NOT NULL,
    "Outcome" BLOB NULL,
    "Problem" TEXT NOT NULL,
    "Queue" INTEGER NOT NULL,
    "QueuedAt" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "State" INTEGER NOT NULL,
    "Subject" TEXT NOT NULL,
    "Topic" TEXT NOT NULL
);

CREATE TABLE "PartnerCopy" (
    "Partner" TEXT NOT NULL,
    "TaskId" TEXT NOT NULL,
    "Reference" TEXT NOT NULL,
    "Status" TEXT NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "Version" TEXT NOT NULL,
    CONSTRAINT "PK_PartnerCopy" PRIMARY KEY ("Partner", "TaskId")
) WITHOUT ROWID;

CREATE TABLE "PartnerMark" (
    "Partner" TEXT NOT NULL CONSTRAINT "PK_PartnerMark" PRIMARY KEY,
    "ConsecutiveFailures" INTEGER NOT NULL,
    "IsPaused" INTEGER NOT NULL,
    "LastFailureAt" INTEGER NOT NULL,
    "LastProblem" TEXT NOT NULL,
    "LastSuccessAt" INTEGER NOT NULL,
    "PollLease" TEXT NOT NULL,
    "PollLeaseEnd" INTEGER NOT NULL,
    "PolledAt" INTEGER NOT NULL,
    "PolledThrough" INTEGER NOT NULL
);

CREATE TABLE "PatientFact" (
    "ResourceKey" INTEGER NOT NULL CONSTRAINT "PK_PatientFact" PRIMARY KEY,
    "At" INTEGER NOT NULL,
    "Kind" INTEGER NOT NULL,
    "Manager" INTEGER NOT NULL,
    "Patient" INTEGER NOT NULL,
    "Rank" INTEGER NOT NULL,
    "Tier" TEXT NOT NULL
);

CREATE TABLE "QuantityIndex" (
    "Parameter" INTEGER NOT NULL,
    "Low" REAL NOT NULL,
    "High" REAL NOT NULL,
    "System" INTEGER NOT NULL,
    "Unit" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_QuantityIndex" PRIMARY KEY ("Parameter", "Low", "High", "System", "Unit", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "ReferenceIndex" (
    "Target" INTEGER NOT NULL,
    "Parameter" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_ReferenceIndex" PRIMARY KEY ("Target", "Parameter", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "RememberedAnswer" (
    "KeyHash" TEXT NOT NULL CONSTRAINT "PK_RememberedAnswer" PRIMARY KEY,
    "AnswerId" TEXT NOT NULL,
    "AnswerType" TEXT NOT NULL,
    "AnswerVersion" INTEGER NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "Digest" TEXT NOT NULL,
    "ExpiresAt" INTEGER NOT NULL
);

CREATE TABLE "Resource" (
    "Key" INTEGER NOT NULL CONSTRAINT "PK_Resource" PRIMARY KEY,
    "Id" TEXT NULL,
    "IsDeleted" INTEGER NOT NULL,
    "LastUpdated" INTEGER NOT NULL,
    "Presence" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "TypeId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL
);

CREATE TABLE "ResourceVersion" (
    "Sequence" INTEGER NOT NULL CONSTRAINT "PK_ResourceVersion" PRIMARY KEY,
    "Body" BLOB NULL,
    "Change" INTEGER NOT NULL,
    "LastUpdated" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    "TypeId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL
);

CREATE TABLE "StringIndex" (
    "Parameter" INTEGER NOT NULL,
    "Value" TEXT NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    "Exact" INTEGER NOT NULL,
    CONSTRAINT "PK_StringIndex" PRIMARY KEY ("Parameter", "Value", "ResourceKey", "Exact")
) WITHOUT ROWID;

CREATE TABLE "TokenIndex" (
    "Key" INTEGER NOT NULL,
    "Check" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    "System" INTEGER NOT NULL,
    CONSTRAINT "PK_TokenIndex" PRIMARY KEY ("Key", "Check", "ResourceKey", "System")
) WITHOUT ROWID;

CREATE TABLE "UriIndex" (
    "Parameter" INTEGER NOT NULL,
    "Value" TEXT NOT NULL,
    "Hash" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_UriIndex" PRIMARY KEY ("Parameter", "Value", "Hash", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "WorkItem" (
    "ResourceKey" INTEGER NOT NULL CONSTRAINT "PK_WorkItem" PRIMARY KEY,
    "Due" INTEGER NOT NULL,
    "Id" TEXT NULL,
    "Owner" INTEGER NOT NULL,
    "Patient" INTEGER NOT NULL,
    "Priority" INTEGER NOT NULL,
    "Status" INTEGER NOT NULL
);

INSERT INTO "ChangeSequence" ("Id", "LastUpdated", "NextKey", "Sequence")
VALUES (1, 0, 1, 0);
SELECT changes();


CREATE INDEX "IX_Alarm_At_ResourceKey" ON "Alarm" ("At", "ResourceKey");

CREATE INDEX "IX_DateIndex_ResourceKey_Parameter_Start_End" ON "DateIndex" ("ResourceKey", "Parameter", "Start", "End");

CREATE INDEX "IX_Inbound_At" ON "Inbound" ("At");

CREATE UNIQUE INDEX "IX_Inbound_Order" ON "Inbound" ("Order");

CREATE INDEX "IX_Inbound_State_Order" ON "Inbound" ("State", "Order");

CREATE INDEX "IX_Job_EndedAt_Kind_CreatedAt" ON "Job" ("EndedAt", "Kind", "CreatedAt");

CREATE INDEX "IX_NumberIndex_ResourceKey_Parameter_Low_High" ON "NumberIndex" ("ResourceKey", "Parameter", "Low", "High");

CREATE INDEX "IX_Outbox_About_Order" ON "Outbox" ("About", "Order");

CREATE UNIQUE INDEX "IX_Outbox_MessageId" ON "Outbox" ("MessageId");

CREATE INDEX "IX_Outbox_Queue_ChangedAt" ON "Outbox" ("Queue", "ChangedAt");

CREATE INDEX "IX_Outbox_Queue_Topic_Destination_Order" ON "Outbox" ("Queue", "Topic", "Destination", "Order");

CREATE INDEX "IX_Outbox_Subject_Order" ON "Outbox" ("Subject", "Order");

CREATE INDEX "IX_PartnerCopy_Partner_Reference" ON "PartnerCopy" ("Partner", "Reference");

CREATE INDEX "IX_PatientFact_Manager_Patient" ON "PatientFact" ("Manager", "Patient");

CREATE INDEX "IX_PatientFact_Patient_Kind_At_ResourceKey_Rank" ON "PatientFact" ("Patient", "Kind", "At", "ResourceKey", "Rank");

CREATE INDEX "IX_QuantityIndex_ResourceKey_Parameter_Low_High" ON "QuantityIndex" ("ResourceKey", "Parameter", "Low", "High");

CREATE INDEX "IX_RememberedAnswer_ExpiresAt" ON "RememberedAnswer" ("ExpiresAt");

CREATE UNIQUE INDEX "IX_Resource_TypeId_Id" ON "Resource" ("TypeId", "Id");

CREATE INDEX "IX_Resource_TypeId_Sequence" ON "Resource" ("TypeId", "Sequence");

CREATE UNIQUE INDEX "IX_ResourceVersion_ResourceKey_Version" ON "ResourceVersion" ("ResourceKey", "Version");

CREATE INDEX "IX_ResourceVersion_TypeId_Sequence" ON "ResourceVersion" ("TypeId", "Sequence");

CREATE INDEX "IX_StringIndex_ResourceKey_Parameter_Value" ON "StringIndex" ("ResourceKey", "Parameter", "Value");

CREATE INDEX "IX_UriIndex_ResourceKey_Parameter_Hash" ON "UriIndex" ("ResourceKey", "Parameter", "Hash");

CREATE INDEX "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey" ON "WorkItem" ("Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey");

CREATE INDEX "IX_WorkItem_Patient" ON "WorkItem" ("Patient");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129011233_Initial', '10.0.14');

CREATE TABLE "Reading" (
    "Subject" INTEGER NOT NULL,
    "Code" INTEGER NOT NULL,
    "At" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_Reading" PRIMARY KEY ("Subject", "Code", "At", "ResourceKey")
) WITHOUT ROWID;

CREATE INDEX "IX_Reading_ResourceKey" ON "Reading" ("ResourceKey");

INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-Observation', 'keep-rows', 1, 0, 0, 0, CAST('Observation' AS BLOB) WHERE EXISTS (SELECT 1 FROM "Resource");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129014137_Readings', '10.0.14');

ALTER TABLE "ChangeSequence" ADD "CommitId" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "ChangeSequence" ADD "PreviousCommitId" INTEGER NOT NULL DEFAULT 0;

UPDATE "ChangeSequence" SET "CommitId" = 0, "PreviousCommitId" = 0
WHERE "Id" = 1;
SELECT changes();


CREATE TABLE "ef_temp_WorkItem" (
    "ResourceKey" INTEGER NOT NULL CONSTRAINT "PK_WorkItem" PRIMARY KEY,
    "Due" INTEGER NOT NULL,
    "Id" TEXT NOT NULL,
    "Owner" INTEGER NOT NULL,
    "Patient" INTEGER NOT NULL,
    "Priority" INTEGER NOT NULL,
    "Status" INTEGER NOT NULL
);

INSERT INTO "ef_temp_WorkItem" ("ResourceKey", "Due", "Id", "Owner", "Patient", "Priority", "Status")
SELECT "ResourceKey", "Due", "Id", "Owner", "Patient", "Priority", "Status"
FROM "WorkItem";

CREATE TABLE "ef_temp_Resource" (
    "Key" INTEGER NOT NULL CONSTRAINT "PK_Resource" PRIMARY KEY,
    "Id" TEXT NOT NULL,
    "IsDeleted" INTEGER NOT NULL,
    "LastUpdated" INTEGER NOT NULL,
    "Presence" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "TypeId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL
);

INSERT INTO "ef_temp_Resource" ("Key", "Id", "IsDeleted", "LastUpdated", "Presence", "Sequence", "TypeId", "Version")
SELECT "Key", "Id", "IsDeleted", "LastUpdated", "Presence", "Sequence", "TypeId", "Version"
FROM "Resource";

PRAGMA foreign_keys = 0;

DROP TABLE "WorkItem";

ALTER TABLE "ef_temp_WorkItem" RENAME TO "WorkItem";

DROP TABLE "Resource";

ALTER TABLE "ef_temp_Resource" RENAME TO "Resource";

PRAGMA foreign_keys = 1;

CREATE INDEX "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey" ON "WorkItem" ("Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey");

CREATE INDEX "IX_WorkItem_Patient" ON "WorkItem" ("Patient");

CREATE UNIQUE INDEX "IX_Resource_TypeId_Id" ON "Resource" ("TypeId", "Id");

CREATE INDEX "IX_Resource_TypeId_Sequence" ON "Resource" ("TypeId", "Sequence");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129015931_CommitIdAndRequiredIds', '10.0.14');

ALTER TABLE "PartnerMark" ADD "PollProblem" TEXT NOT NULL DEFAULT '';

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129023141_PollProblem', '10.0.14');

ALTER TABLE "Resource" ADD "Status" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "Job" ADD "Failures" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "PartnerStatus" (
    "Partner" TEXT NOT NULL CONSTRAINT "PK_PartnerStatus" PRIMARY KEY,
    "ConsecutiveFailures" INTEGER NOT NULL,
    "IsPaused" INTEGER NOT NULL,
    "LastFailureAt" INTEGER NOT NULL,
    "LastProblem" TEXT NOT NULL,
    "LastSuccessAt" INTEGER NOT NULL,
    "PollLease" TEXT NOT NULL,
    "PollLeaseEnd" INTEGER NOT NULL,
    "PollProblem" TEXT NOT NULL,
    "PolledAt" INTEGER NOT NULL,
    "PolledThrough" INTEGER NOT NULL,
    "ReadThrough" TEXT NOT NULL
);

CREATE TABLE "Timer" (
    "ResourceKey" INTEGER NOT NULL CONSTRAINT "PK_Timer" PRIMARY KEY,
    "At" INTEGER NOT NULL
);

INSERT INTO "Timer" ("ResourceKey", "At") SELECT "ResourceKey", "At" FROM "Alarm";

INSERT INTO "PartnerStatus" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", "ReadThrough")
SELECT "Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", '' FROM "PartnerMark";

DROP TABLE "Alarm";

DROP TABLE "PartnerMark";

CREATE INDEX "IX_Resource_Status_Sequence" ON "Resource" ("Status", "Sequence") WHERE "Status" <> 0;

CREATE INDEX "IX_Timer_At_ResourceKey" ON "Timer" ("At", "ResourceKey");

INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-all', 'keep-rows', 1, 0, 0, 0, CAST('' AS BLOB) WHERE EXISTS (SELECT 1 FROM "Resource");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129154900_StatusOrderAndNames', '10.0.14');

ALTER TABLE "ResourceVersion" ADD "Labels" INTEGER NOT NULL DEFAULT -1;

ALTER TABLE "ResourceVersion" ADD "Patient" INTEGER NOT NULL DEFAULT -2;

ALTER TABLE "Resource" ADD "Labels" INTEGER NOT NULL DEFAULT -1;

ALTER TABLE "Resource" ADD "Patient" INTEGER NOT NULL DEFAULT -2;

CREATE TABLE "CareRelation" (
    "Party" INTEGER NOT NULL,
    "Kind" INTEGER NOT NULL,
    "Of" INTEGER NOT NULL,
    "Start" INTEGER NOT NULL,
    "End" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    CONSTRAINT "PK_CareRelation" PRIMARY KEY ("Party", "Kind", "Of", "Start", "End", "ResourceKey")
) WITHOUT ROWID;

CREATE TABLE "ConsentRule" (
    "Patient" INTEGER NOT NULL,
    "ResourceKey" INTEGER NOT NULL,
    "Place" INTEGER NOT NULL,
    "End" INTEGER NOT NULL,
    "IsException" INTEGER NOT NULL,
    "Labels" INTEGER NOT NULL,
    "Party" INTEGER NOT NULL,
    "Purpose" INTEGER NOT NULL,
    "Start" INTEGER NOT NULL,
    "TypeId" INTEGER NOT NULL,
    CONSTRAINT "PK_ConsentRule" PRIMARY KEY ("Patient", "ResourceKey", "Place")
) WITHOUT ROWID;

CREATE TABLE "SharedPatient" (
    "Sequence" INTEGER NOT NULL,
    "Patient" INTEGER NOT NULL,
    CONSTRAINT "PK_SharedPatient" PRIMARY KEY ("Sequence", "Patient")
) WITHOUT ROWID;

CREATE INDEX "IX_CareRelation_ResourceKey" ON "CareRelation" ("ResourceKey");

CREATE INDEX "IX_ConsentRule_ResourceKey" ON "ConsentRule" ("ResourceKey");

INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-every-type', 'keep-rows', 1, 0, 0, 0, CAST('*' AS BLOB) WHERE EXISTS (SELECT 1 FROM "Resource");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129223740_Access', '10.0.14');

CREATE TABLE "AuditCut" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_AuditCut" PRIMARY KEY,
    "Hash" BLOB NULL,
    "Recorded" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL
);

CREATE TABLE "AuditKey" (
    "Key" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    CONSTRAINT "PK_AuditKey" PRIMARY KEY ("Key", "Sequence")
) WITHOUT ROWID;

CREATE TABLE "AuditRow" (
    "Sequence" INTEGER NOT NULL CONSTRAINT "PK_AuditRow" PRIMARY KEY,
    "Content" BLOB NULL,
    "Hash" BLOB NULL,
    "Recorded" INTEGER NOT NULL
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129235913_Audit', '10.0.14');

CREATE TABLE "ActingChange" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_ActingChange" PRIMARY KEY,
    "CommitId" INTEGER NOT NULL
);

INSERT INTO "ActingChange" ("Id", "CommitId")
VALUES (1, 0);
SELECT changes();


CREATE INDEX "IX_CareRelation_Of" ON "CareRelation" ("Of") WHERE "Of" > 0;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130085155_ActingChange', '10.0.14');
