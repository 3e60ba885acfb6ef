CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "Alarm" (
        "ResourceKey" bigint NOT NULL,
        "At" bigint NOT NULL,
        CONSTRAINT "PK_Alarm" PRIMARY KEY ("ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "ChangeSequence" (
        "Id" smallint NOT NULL,
        "LastUpdated" bigint NOT NULL,
        "NextKey" bigint NOT NULL,
        "Sequence" bigint NOT NULL,
        CONSTRAINT "PK_ChangeSequence" PRIMARY KEY ("Id")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "CompositeIndex" (
        "Key" bigint NOT NULL,
        "Check" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        "FirstSystem" bigint NOT NULL,
        "SecondCode" bigint NOT NULL,
        "SecondSystem" bigint NOT NULL,
        "Low" double precision NOT NULL,
        "High" double precision NOT NULL,
        "Text" character varying(128) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_CompositeIndex" PRIMARY KEY ("Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "DateIndex" (
        "Parameter" integer NOT NULL,
        "Start" bigint NOT NULL,
        "End" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_DateIndex" PRIMARY KEY ("Parameter", "Start", "End", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "Inbound" (
        "Partner" character varying(64) COLLATE "C" NOT NULL,
        "Reference" character varying(256) COLLATE "C" NOT NULL,
        "Version" character varying(64) COLLATE "C" NOT NULL,
        "At" bigint NOT NULL,
        "Body" bytea,
        "Order" bigint NOT NULL,
        "Reason" character varying(512) COLLATE "C" NOT NULL,
        "State" smallint NOT NULL,
        "TaskId" character varying(64) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_Inbound" PRIMARY KEY ("Partner", "Reference", "Version")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "Job" (
        "JobId" character varying(64) COLLATE "C" NOT NULL,
        "Arguments" bytea,
        "CreatedAt" bigint NOT NULL,
        "EndedAt" bigint NOT NULL,
        "IsGivenUp" smallint NOT NULL,
        "Kind" character varying(64) COLLATE "C" NOT NULL,
        "Total" integer NOT NULL,
        CONSTRAINT "PK_Job" PRIMARY KEY ("JobId")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "JobStep" (
        "JobId" character varying(64) COLLATE "C" NOT NULL,
        "Place" integer NOT NULL,
        "Result" bytea,
        CONSTRAINT "PK_JobStep" PRIMARY KEY ("JobId", "Place")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "NumberIndex" (
        "Parameter" integer NOT NULL,
        "Low" double precision NOT NULL,
        "High" double precision NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_NumberIndex" PRIMARY KEY ("Parameter", "Low", "High", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "Outbox" (
        "Order" bigint NOT NULL,
        "About" character varying(129) COLLATE "C" NOT NULL,
        "Attempts" integer NOT NULL,
        "ChangedAt" bigint NOT NULL,
        "Destination" character varying(64) COLLATE "C" NOT NULL,
        "FirstAttemptAt" bigint NOT NULL,
        "Kind" smallint NOT NULL,
        "LastStatus" integer NOT NULL,
        "Lease" character varying(64) COLLATE "C" NOT NULL,
        "Log" bytea,
        "MessageId" character varying(64) COLLATE "C" NOT NULL,
        "NextAt" bigint NOT NULL,
        "Outcome" bytea,
        "Problem" character varying(512) COLLATE "C" NOT NULL,
        "Queue" smallint NOT NULL,
        "QueuedAt" bigint NOT NULL,
        "Sequence" bigint NOT NULL,
        "State" smallint NOT NULL,
        "Subject" character varying(129) COLLATE "C" NOT NULL,
        "Topic" character varying(32) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_Outbox" PRIMARY KEY ("Order")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "PartnerCopy" (
        "Partner" character varying(64) COLLATE "C" NOT NULL,
        "TaskId" character varying(64) COLLATE "C" NOT NULL,
        "Reference" character varying(256) COLLATE "C" NOT NULL,
        "Status" character varying(64) COLLATE "C" NOT NULL,
        "UpdatedAt" bigint NOT NULL,
        "Version" character varying(64) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_PartnerCopy" PRIMARY KEY ("Partner", "TaskId")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "PartnerMark" (
        "Partner" character varying(64) COLLATE "C" NOT NULL,
        "ConsecutiveFailures" integer NOT NULL,
        "IsPaused" smallint NOT NULL,
        "LastFailureAt" bigint NOT NULL,
        "LastProblem" character varying(512) COLLATE "C" NOT NULL,
        "LastSuccessAt" bigint NOT NULL,
        "PollLease" character varying(64) COLLATE "C" NOT NULL,
        "PollLeaseEnd" bigint NOT NULL,
        "PolledAt" bigint NOT NULL,
        "PolledThrough" bigint NOT NULL,
        CONSTRAINT "PK_PartnerMark" PRIMARY KEY ("Partner")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "PatientFact" (
        "ResourceKey" bigint NOT NULL,
        "At" bigint NOT NULL,
        "Kind" smallint NOT NULL,
        "Manager" bigint NOT NULL,
        "Patient" bigint NOT NULL,
        "Rank" smallint NOT NULL,
        "Tier" character varying(64) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_PatientFact" PRIMARY KEY ("ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "QuantityIndex" (
        "Parameter" integer NOT NULL,
        "Low" double precision NOT NULL,
        "High" double precision NOT NULL,
        "System" bigint NOT NULL,
        "Unit" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_QuantityIndex" PRIMARY KEY ("Parameter", "Low", "High", "System", "Unit", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "ReferenceIndex" (
        "Target" bigint NOT NULL,
        "Parameter" integer NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_ReferenceIndex" PRIMARY KEY ("Target", "Parameter", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "RememberedAnswer" (
        "KeyHash" character varying(64) COLLATE "C" NOT NULL,
        "AnswerId" character varying(64) COLLATE "C" NOT NULL,
        "AnswerType" character varying(64) COLLATE "C" NOT NULL,
        "AnswerVersion" integer NOT NULL,
        "CreatedAt" bigint NOT NULL,
        "Digest" character varying(64) COLLATE "C" NOT NULL,
        "ExpiresAt" bigint NOT NULL,
        CONSTRAINT "PK_RememberedAnswer" PRIMARY KEY ("KeyHash")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "Resource" (
        "Key" bigint NOT NULL,
        "Id" character varying(64) COLLATE "C",
        "IsDeleted" smallint NOT NULL,
        "LastUpdated" bigint NOT NULL,
        "Presence" bigint NOT NULL,
        "Sequence" bigint NOT NULL,
        "TypeId" smallint NOT NULL,
        "Version" integer NOT NULL,
        CONSTRAINT "PK_Resource" PRIMARY KEY ("Key")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "ResourceVersion" (
        "Sequence" bigint NOT NULL,
        "Body" bytea,
        "Change" smallint NOT NULL,
        "LastUpdated" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        "TypeId" smallint NOT NULL,
        "Version" integer NOT NULL,
        CONSTRAINT "PK_ResourceVersion" PRIMARY KEY ("Sequence")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "StringIndex" (
        "Parameter" integer NOT NULL,
        "Value" character varying(128) COLLATE "C" NOT NULL,
        "ResourceKey" bigint NOT NULL,
        "Exact" bigint NOT NULL,
        CONSTRAINT "PK_StringIndex" PRIMARY KEY ("Parameter", "Value", "ResourceKey", "Exact")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "TokenIndex" (
        "Key" bigint NOT NULL,
        "Check" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        "System" bigint NOT NULL,
        CONSTRAINT "PK_TokenIndex" PRIMARY KEY ("Key", "Check", "ResourceKey", "System")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "UriIndex" (
        "Parameter" integer NOT NULL,
        "Value" character varying(400) COLLATE "C" NOT NULL,
        "Hash" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_UriIndex" PRIMARY KEY ("Parameter", "Value", "Hash", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE TABLE "WorkItem" (
        "ResourceKey" bigint NOT NULL,
        "Due" bigint NOT NULL,
        "Id" character varying(64) COLLATE "C",
        "Owner" bigint NOT NULL,
        "Patient" bigint NOT NULL,
        "Priority" smallint NOT NULL,
        "Status" smallint NOT NULL,
        CONSTRAINT "PK_WorkItem" PRIMARY KEY ("ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    INSERT INTO "ChangeSequence" ("Id", "LastUpdated", "NextKey", "Sequence")
    VALUES (1, 0, 1, 0);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Alarm_At_ResourceKey" ON "Alarm" ("At", "ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_DateIndex_ResourceKey_Parameter_Start_End" ON "DateIndex" ("ResourceKey", "Parameter", "Start", "End");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Inbound_At" ON "Inbound" ("At");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE UNIQUE INDEX "IX_Inbound_Order" ON "Inbound" ("Order");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Inbound_State_Order" ON "Inbound" ("State", "Order");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Job_EndedAt_Kind_CreatedAt" ON "Job" ("EndedAt", "Kind", "CreatedAt");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_NumberIndex_ResourceKey_Parameter_Low_High" ON "NumberIndex" ("ResourceKey", "Parameter", "Low", "High");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Outbox_About_Order" ON "Outbox" ("About", "Order");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE UNIQUE INDEX "IX_Outbox_MessageId" ON "Outbox" ("MessageId");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Outbox_Queue_ChangedAt" ON "Outbox" ("Queue", "ChangedAt");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Outbox_Queue_Topic_Destination_Order" ON "Outbox" ("Queue", "Topic", "Destination", "Order");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Outbox_Subject_Order" ON "Outbox" ("Subject", "Order");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_PartnerCopy_Partner_Reference" ON "PartnerCopy" ("Partner", "Reference");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_PatientFact_Manager_Patient" ON "PatientFact" ("Manager", "Patient");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_PatientFact_Patient_Kind_At_ResourceKey_Rank" ON "PatientFact" ("Patient", "Kind", "At", "ResourceKey", "Rank");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_QuantityIndex_ResourceKey_Parameter_Low_High" ON "QuantityIndex" ("ResourceKey", "Parameter", "Low", "High");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_RememberedAnswer_ExpiresAt" ON "RememberedAnswer" ("ExpiresAt");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE UNIQUE INDEX "IX_Resource_TypeId_Id" ON "Resource" ("TypeId", "Id");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_Resource_TypeId_Sequence" ON "Resource" ("TypeId", "Sequence");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE UNIQUE INDEX "IX_ResourceVersion_ResourceKey_Version" ON "ResourceVersion" ("ResourceKey", "Version");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_ResourceVersion_TypeId_Sequence" ON "ResourceVersion" ("TypeId", "Sequence");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_StringIndex_ResourceKey_Parameter_Value" ON "StringIndex" ("ResourceKey", "Parameter", "Value");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_UriIndex_ResourceKey_Parameter_Hash" ON "UriIndex" ("ResourceKey", "Parameter", "Hash");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey" ON "WorkItem" ("Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    CREATE INDEX "IX_WorkItem_Patient" ON "WorkItem" ("Patient");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129011248_Initial') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129011248_Initial', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129014139_Readings') THEN
    CREATE TABLE "Reading" (
        "Subject" bigint NOT NULL,
        "Code" bigint NOT NULL,
        "At" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_Reading" PRIMARY KEY ("Subject", "Code", "At", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129014139_Readings') THEN
    CREATE INDEX "IX_Reading_ResourceKey" ON "Reading" ("ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129014139_Readings') THEN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-Observation', 'keep-rows', 1, 0, 0, 0, convert_to('Observation', 'UTF8') WHERE EXISTS (SELECT 1 FROM "Resource");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129014139_Readings') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129014139_Readings', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    ALTER TABLE "WorkItem" ALTER COLUMN "Id" SET NOT NULL;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    ALTER TABLE "Resource" ALTER COLUMN "Id" SET NOT NULL;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    ALTER TABLE "ChangeSequence" ADD "CommitId" bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    ALTER TABLE "ChangeSequence" ADD "PreviousCommitId" bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    UPDATE "ChangeSequence" SET "CommitId" = 0, "PreviousCommitId" = 0
    WHERE "Id" = 1;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129015941_CommitIdAndRequiredIds') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129015941_CommitIdAndRequiredIds', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129023147_PollProblem') THEN
    ALTER TABLE "PartnerMark" ADD "PollProblem" character varying(512) COLLATE "C" NOT NULL DEFAULT '';
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129023147_PollProblem') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129023147_PollProblem', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    ALTER TABLE "Resource" ADD "Status" bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    ALTER TABLE "Job" ADD "Failures" integer NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    CREATE TABLE "PartnerStatus" (
        "Partner" character varying(64) COLLATE "C" NOT NULL,
        "ConsecutiveFailures" integer NOT NULL,
        "IsPaused" smallint NOT NULL,
        "LastFailureAt" bigint NOT NULL,
        "LastProblem" character varying(512) COLLATE "C" NOT NULL,
        "LastSuccessAt" bigint NOT NULL,
        "PollLease" character varying(64) COLLATE "C" NOT NULL,
        "PollLeaseEnd" bigint NOT NULL,
        "PollProblem" character varying(512) COLLATE "C" NOT NULL,
        "PolledAt" bigint NOT NULL,
        "PolledThrough" bigint NOT NULL,
        "ReadThrough" character varying(64) COLLATE "C" NOT NULL,
        CONSTRAINT "PK_PartnerStatus" PRIMARY KEY ("Partner")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    CREATE TABLE "Timer" (
        "ResourceKey" bigint NOT NULL,
        "At" bigint NOT NULL,
        CONSTRAINT "PK_Timer" PRIMARY KEY ("ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    INSERT INTO "Timer" ("ResourceKey", "At") SELECT "ResourceKey", "At" FROM "Alarm";
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    INSERT INTO "PartnerStatus" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", "ReadThrough")
    SELECT "Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", '' FROM "PartnerMark";
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    DROP TABLE "Alarm";
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    DROP TABLE "PartnerMark";
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    CREATE INDEX "IX_Resource_Status_Sequence" ON "Resource" ("Status", "Sequence") WHERE "Status" <> 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    CREATE INDEX "IX_Timer_At_ResourceKey" ON "Timer" ("At", "ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-all', 'keep-rows', 1, 0, 0, 0, convert_to('', 'UTF8') WHERE EXISTS (SELECT 1 FROM "Resource");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129154936_StatusOrderAndNames') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129154936_StatusOrderAndNames', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    ALTER TABLE "ResourceVersion" ADD "Labels" bigint NOT NULL DEFAULT -1;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    ALTER TABLE "ResourceVersion" ADD "Patient" bigint NOT NULL DEFAULT -2;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    ALTER TABLE "Resource" ADD "Labels" bigint NOT NULL DEFAULT -1;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    ALTER TABLE "Resource" ADD "Patient" bigint NOT NULL DEFAULT -2;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    CREATE TABLE "CareRelation" (
        "Party" bigint NOT NULL,
        "Kind" smallint NOT NULL,
        "Of" bigint NOT NULL,
        "Start" bigint NOT NULL,
        "End" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        CONSTRAINT "PK_CareRelation" PRIMARY KEY ("Party", "Kind", "Of", "Start", "End", "ResourceKey")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    CREATE TABLE "ConsentRule" (
        "Patient" bigint NOT NULL,
        "ResourceKey" bigint NOT NULL,
        "Place" smallint NOT NULL,
        "End" bigint NOT NULL,
        "IsException" smallint NOT NULL,
        "Labels" bigint NOT NULL,
        "Party" bigint NOT NULL,
        "Purpose" bigint NOT NULL,
        "Start" bigint NOT NULL,
        "TypeId" smallint NOT NULL,
        CONSTRAINT "PK_ConsentRule" PRIMARY KEY ("Patient", "ResourceKey", "Place")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    CREATE TABLE "SharedPatient" (
        "Sequence" bigint NOT NULL,
        "Patient" bigint NOT NULL,
        CONSTRAINT "PK_SharedPatient" PRIMARY KEY ("Sequence", "Patient")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    CREATE INDEX "IX_CareRelation_ResourceKey" ON "CareRelation" ("ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    CREATE INDEX "IX_ConsentRule_ResourceKey" ON "ConsentRule" ("ResourceKey");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-every-type', 'keep-rows', 1, 0, 0, 0, convert_to('*', 'UTF8') WHERE EXISTS (SELECT 1 FROM "Resource");
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129223743_Access') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129223743_Access', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129235924_Audit') THEN
    CREATE TABLE "AuditCut" (
        "Id" smallint NOT NULL,
        "Hash" bytea,
        "Recorded" bigint NOT NULL,
        "Sequence" bigint NOT NULL,
        CONSTRAINT "PK_AuditCut" PRIMARY KEY ("Id")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129235924_Audit') THEN
    CREATE TABLE "AuditKey" (
        "Key" bigint NOT NULL,
        "Sequence" bigint NOT NULL,
        CONSTRAINT "PK_AuditKey" PRIMARY KEY ("Key", "Sequence")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129235924_Audit') THEN
    CREATE TABLE "AuditRow" (
        "Sequence" bigint NOT NULL,
        "Content" bytea,
        "Hash" bytea,
        "Recorded" bigint NOT NULL,
        CONSTRAINT "PK_AuditRow" PRIMARY KEY ("Sequence")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261129235924_Audit') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261129235924_Audit', '10.0.14');
    END IF;
END $EF$;
COMMIT;

START TRANSACTION;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261130085158_ActingChange') THEN
    CREATE TABLE "ActingChange" (
        "Id" smallint NOT NULL,
        "CommitId" bigint NOT NULL,
        CONSTRAINT "PK_ActingChange" PRIMARY KEY ("Id")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261130085158_ActingChange') THEN
    INSERT INTO "ActingChange" ("Id", "CommitId")
    VALUES (1, 0);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261130085158_ActingChange') THEN
    CREATE INDEX "IX_CareRelation_Of" ON "CareRelation" ("Of") WHERE "Of" > 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261130085158_ActingChange') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261130085158_ActingChange', '10.0.14');
    END IF;
END $EF$;
COMMIT;
