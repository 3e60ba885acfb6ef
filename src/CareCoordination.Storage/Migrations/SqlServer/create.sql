IF OBJECT_ID(N'[__EFMigrationsHistory]') IS NULL
BEGIN
    CREATE TABLE [__EFMigrationsHistory] (
        [MigrationId] nvarchar(150) NOT NULL,
        [ProductVersion] nvarchar(32) NOT NULL,
        CONSTRAINT [PK___EFMigrationsHistory] PRIMARY KEY ([MigrationId])
    );
END;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [Alarm] (
        [ResourceKey] bigint NOT NULL,
        [At] bigint NOT NULL,
        CONSTRAINT [PK_Alarm] PRIMARY KEY ([ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [ChangeSequence] (
        [Id] smallint NOT NULL,
        [LastUpdated] bigint NOT NULL,
        [NextKey] bigint NOT NULL,
        [Sequence] bigint NOT NULL,
        CONSTRAINT [PK_ChangeSequence] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [CompositeIndex] (
        [Key] bigint NOT NULL,
        [Check] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        [FirstSystem] bigint NOT NULL,
        [SecondCode] bigint NOT NULL,
        [SecondSystem] bigint NOT NULL,
        [Low] float NOT NULL,
        [High] float NOT NULL,
        [Text] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_CompositeIndex] PRIMARY KEY ([Key], [Check], [ResourceKey], [FirstSystem], [SecondCode], [SecondSystem], [Low], [High], [Text])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [DateIndex] (
        [Parameter] int NOT NULL,
        [Start] bigint NOT NULL,
        [End] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_DateIndex] PRIMARY KEY ([Parameter], [Start], [End], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [Inbound] (
        [Partner] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Reference] nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Version] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [At] bigint NOT NULL,
        [Body] varbinary(max) NULL,
        [Order] bigint NOT NULL,
        [Reason] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [State] smallint NOT NULL,
        [TaskId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_Inbound] PRIMARY KEY ([Partner], [Reference], [Version])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [Job] (
        [JobId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Arguments] varbinary(max) NULL,
        [CreatedAt] bigint NOT NULL,
        [EndedAt] bigint NOT NULL,
        [IsGivenUp] smallint NOT NULL,
        [Kind] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Total] int NOT NULL,
        CONSTRAINT [PK_Job] PRIMARY KEY ([JobId])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [JobStep] (
        [JobId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Place] int NOT NULL,
        [Result] varbinary(max) NULL,
        CONSTRAINT [PK_JobStep] PRIMARY KEY ([JobId], [Place])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [NumberIndex] (
        [Parameter] int NOT NULL,
        [Low] float NOT NULL,
        [High] float NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_NumberIndex] PRIMARY KEY ([Parameter], [Low], [High], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [Outbox] (
        [Order] bigint NOT NULL,
        [About] nvarchar(129) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Attempts] int NOT NULL,
        [ChangedAt] bigint NOT NULL,
        [Destination] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [FirstAttemptAt] bigint NOT NULL,
        [Kind] smallint NOT NULL,
        [LastStatus] int NOT NULL,
        [Lease] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Log] varbinary(max) NULL,
        [MessageId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [NextAt] bigint NOT NULL,
        [Outcome] varbinary(max) NULL,
        [Problem] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Queue] smallint NOT NULL,
        [QueuedAt] bigint NOT NULL,
        [Sequence] bigint NOT NULL,
        [State] smallint NOT NULL,
        [Subject] nvarchar(129) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Topic] nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_Outbox] PRIMARY KEY ([Order])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [PartnerCopy] (
        [Partner] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [TaskId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Reference] nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Status] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [Version] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_PartnerCopy] PRIMARY KEY ([Partner], [TaskId])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [PartnerMark] (
        [Partner] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ConsecutiveFailures] int NOT NULL,
        [IsPaused] smallint NOT NULL,
        [LastFailureAt] bigint NOT NULL,
        [LastProblem] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [LastSuccessAt] bigint NOT NULL,
        [PollLease] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [PollLeaseEnd] bigint NOT NULL,
        [PolledAt] bigint NOT NULL,
        [PolledThrough] bigint NOT NULL,
        CONSTRAINT [PK_PartnerMark] PRIMARY KEY ([Partner])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [PatientFact] (
        [ResourceKey] bigint NOT NULL,
        [At] bigint NOT NULL,
        [Kind] smallint NOT NULL,
        [Manager] bigint NOT NULL,
        [Patient] bigint NOT NULL,
        [Rank] smallint NOT NULL,
        [Tier] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_PatientFact] PRIMARY KEY ([ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [QuantityIndex] (
        [Parameter] int NOT NULL,
        [Low] float NOT NULL,
        [High] float NOT NULL,
        [System] bigint NOT NULL,
        [Unit] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_QuantityIndex] PRIMARY KEY ([Parameter], [Low], [High], [System], [Unit], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [ReferenceIndex] (
        [Target] bigint NOT NULL,
        [Parameter] int NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_ReferenceIndex] PRIMARY KEY ([Target], [Parameter], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [RememberedAnswer] (
        [KeyHash] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [AnswerId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [AnswerType] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [AnswerVersion] int NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [Digest] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ExpiresAt] bigint NOT NULL,
        CONSTRAINT [PK_RememberedAnswer] PRIMARY KEY ([KeyHash])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [Resource] (
        [Key] bigint NOT NULL,
        [Id] nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
        [IsDeleted] smallint NOT NULL,
        [LastUpdated] bigint NOT NULL,
        [Presence] bigint NOT NULL,
        [Sequence] bigint NOT NULL,
        [TypeId] smallint NOT NULL,
        [Version] int NOT NULL,
        CONSTRAINT [PK_Resource] PRIMARY KEY ([Key])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [ResourceVersion] (
        [Sequence] bigint NOT NULL,
        [Body] varbinary(max) NULL,
        [Change] smallint NOT NULL,
        [LastUpdated] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        [TypeId] smallint NOT NULL,
        [Version] int NOT NULL,
        CONSTRAINT [PK_ResourceVersion] PRIMARY KEY ([Sequence])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [StringIndex] (
        [Parameter] int NOT NULL,
        [Value] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ResourceKey] bigint NOT NULL,
        [Exact] bigint NOT NULL,
        CONSTRAINT [PK_StringIndex] PRIMARY KEY ([Parameter], [Value], [ResourceKey], [Exact])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [TokenIndex] (
        [Key] bigint NOT NULL,
        [Check] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        [System] bigint NOT NULL,
        CONSTRAINT [PK_TokenIndex] PRIMARY KEY ([Key], [Check], [ResourceKey], [System])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [UriIndex] (
        [Parameter] int NOT NULL,
        [Value] nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [Hash] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_UriIndex] PRIMARY KEY ([Parameter], [Value], [Hash], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE TABLE [WorkItem] (
        [ResourceKey] bigint NOT NULL,
        [Due] bigint NOT NULL,
        [Id] nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
        [Owner] bigint NOT NULL,
        [Patient] bigint NOT NULL,
        [Priority] smallint NOT NULL,
        [Status] smallint NOT NULL,
        CONSTRAINT [PK_WorkItem] PRIMARY KEY ([ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'LastUpdated', N'NextKey', N'Sequence') AND [object_id] = OBJECT_ID(N'[ChangeSequence]'))
        SET IDENTITY_INSERT [ChangeSequence] ON;
    EXEC(N'INSERT INTO [ChangeSequence] ([Id], [LastUpdated], [NextKey], [Sequence])
    VALUES (CAST(1 AS smallint), CAST(0 AS bigint), CAST(1 AS bigint), CAST(0 AS bigint))');
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'LastUpdated', N'NextKey', N'Sequence') AND [object_id] = OBJECT_ID(N'[ChangeSequence]'))
        SET IDENTITY_INSERT [ChangeSequence] OFF;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Alarm_At_ResourceKey] ON [Alarm] ([At], [ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_DateIndex_ResourceKey_Parameter_Start_End] ON [DateIndex] ([ResourceKey], [Parameter], [Start], [End]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Inbound_At] ON [Inbound] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Inbound_Order] ON [Inbound] ([Order]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Inbound_State_Order] ON [Inbound] ([State], [Order]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Job_EndedAt_Kind_CreatedAt] ON [Job] ([EndedAt], [Kind], [CreatedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_NumberIndex_ResourceKey_Parameter_Low_High] ON [NumberIndex] ([ResourceKey], [Parameter], [Low], [High]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Outbox_About_Order] ON [Outbox] ([About], [Order]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Outbox_MessageId] ON [Outbox] ([MessageId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Outbox_Queue_ChangedAt] ON [Outbox] ([Queue], [ChangedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Outbox_Queue_Topic_Destination_Order] ON [Outbox] ([Queue], [Topic], [Destination], [Order]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Outbox_Subject_Order] ON [Outbox] ([Subject], [Order]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_PartnerCopy_Partner_Reference] ON [PartnerCopy] ([Partner], [Reference]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_PatientFact_Manager_Patient] ON [PatientFact] ([Manager], [Patient]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_PatientFact_Patient_Kind_At_ResourceKey_Rank] ON [PatientFact] ([Patient], [Kind], [At], [ResourceKey], [Rank]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_QuantityIndex_ResourceKey_Parameter_Low_High] ON [QuantityIndex] ([ResourceKey], [Parameter], [Low], [High]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_RememberedAnswer_ExpiresAt] ON [RememberedAnswer] ([ExpiresAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [IX_Resource_TypeId_Id] ON [Resource] ([TypeId], [Id]) WHERE [Id] IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_Resource_TypeId_Sequence] ON [Resource] ([TypeId], [Sequence]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_ResourceVersion_ResourceKey_Version] ON [ResourceVersion] ([ResourceKey], [Version]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_ResourceVersion_TypeId_Sequence] ON [ResourceVersion] ([TypeId], [Sequence]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_StringIndex_ResourceKey_Parameter_Value] ON [StringIndex] ([ResourceKey], [Parameter], [Value]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_UriIndex_ResourceKey_Parameter_Hash] ON [UriIndex] ([ResourceKey], [Parameter], [Hash]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey] ON [WorkItem] ([Owner], [Due], [Status], [Priority], [Patient], [Id], [ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    CREATE INDEX [IX_WorkItem_Patient] ON [WorkItem] ([Patient]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129011301_Initial'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129011301_Initial', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129014142_Readings'
)
BEGIN
    CREATE TABLE [Reading] (
        [Subject] bigint NOT NULL,
        [Code] bigint NOT NULL,
        [At] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_Reading] PRIMARY KEY ([Subject], [Code], [At], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129014142_Readings'
)
BEGIN
    CREATE INDEX [IX_Reading_ResourceKey] ON [Reading] ([ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129014142_Readings'
)
BEGIN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-Observation', 'keep-rows', 1, 0, 0, 0, CAST('Observation' AS varbinary(max)) WHERE EXISTS (SELECT 1 FROM "Resource");
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129014142_Readings'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129014142_Readings', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    DROP INDEX [IX_Resource_TypeId_Id] ON [Resource];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    DROP INDEX [IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey] ON [WorkItem];
    DECLARE @var nvarchar(max);
    SELECT @var = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[WorkItem]') AND [c].[name] = N'Id');
    IF @var IS NOT NULL EXEC(N'ALTER TABLE [WorkItem] DROP CONSTRAINT ' + @var + ';');
    ALTER TABLE [WorkItem] ALTER COLUMN [Id] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL;
    CREATE INDEX [IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey] ON [WorkItem] ([Owner], [Due], [Status], [Priority], [Patient], [Id], [ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    DECLARE @var1 nvarchar(max);
    SELECT @var1 = QUOTENAME([d].[name])
    FROM [sys].[default_constraints] [d]
    INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id] AND [d].[parent_object_id] = [c].[object_id]
    WHERE ([d].[parent_object_id] = OBJECT_ID(N'[Resource]') AND [c].[name] = N'Id');
    IF @var1 IS NOT NULL EXEC(N'ALTER TABLE [Resource] DROP CONSTRAINT ' + @var1 + ';');
    ALTER TABLE [Resource] ALTER COLUMN [Id] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    ALTER TABLE [ChangeSequence] ADD [CommitId] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    ALTER TABLE [ChangeSequence] ADD [PreviousCommitId] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    EXEC(N'UPDATE [ChangeSequence] SET [CommitId] = CAST(0 AS bigint), [PreviousCommitId] = CAST(0 AS bigint)
    WHERE [Id] = CAST(1 AS smallint);
    SELECT @@ROWCOUNT');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Resource_TypeId_Id] ON [Resource] ([TypeId], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129015952_CommitIdAndRequiredIds'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129015952_CommitIdAndRequiredIds', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129023154_PollProblem'
)
BEGIN
    ALTER TABLE [PartnerMark] ADD [PollProblem] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129023154_PollProblem'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129023154_PollProblem', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    ALTER TABLE [Resource] ADD [Status] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    ALTER TABLE [Job] ADD [Failures] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    CREATE TABLE [PartnerStatus] (
        [Partner] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [ConsecutiveFailures] int NOT NULL,
        [IsPaused] smallint NOT NULL,
        [LastFailureAt] bigint NOT NULL,
        [LastProblem] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [LastSuccessAt] bigint NOT NULL,
        [PollLease] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [PollLeaseEnd] bigint NOT NULL,
        [PollProblem] nvarchar(512) COLLATE Latin1_General_100_BIN2 NOT NULL,
        [PolledAt] bigint NOT NULL,
        [PolledThrough] bigint NOT NULL,
        [ReadThrough] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
        CONSTRAINT [PK_PartnerStatus] PRIMARY KEY ([Partner])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    CREATE TABLE [Timer] (
        [ResourceKey] bigint NOT NULL,
        [At] bigint NOT NULL,
        CONSTRAINT [PK_Timer] PRIMARY KEY ([ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    INSERT INTO "Timer" ("ResourceKey", "At") SELECT "ResourceKey", "At" FROM "Alarm";
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    INSERT INTO "PartnerStatus" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", "ReadThrough")
    SELECT "Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", '' FROM "PartnerMark";
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    DROP TABLE [Alarm];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    DROP TABLE [PartnerMark];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Resource_Status_Sequence] ON [Resource] ([Status], [Sequence]) WHERE "Status" <> 0');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    CREATE INDEX [IX_Timer_At_ResourceKey] ON [Timer] ([At], [ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-all', 'keep-rows', 1, 0, 0, 0, CAST('' AS varbinary(max)) WHERE EXISTS (SELECT 1 FROM "Resource");
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129155022_StatusOrderAndNames'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129155022_StatusOrderAndNames', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    ALTER TABLE [ResourceVersion] ADD [Labels] bigint NOT NULL DEFAULT CAST(-1 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    ALTER TABLE [ResourceVersion] ADD [Patient] bigint NOT NULL DEFAULT CAST(-2 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    ALTER TABLE [Resource] ADD [Labels] bigint NOT NULL DEFAULT CAST(-1 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    ALTER TABLE [Resource] ADD [Patient] bigint NOT NULL DEFAULT CAST(-2 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    CREATE TABLE [CareRelation] (
        [Party] bigint NOT NULL,
        [Kind] smallint NOT NULL,
        [Of] bigint NOT NULL,
        [Start] bigint NOT NULL,
        [End] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        CONSTRAINT [PK_CareRelation] PRIMARY KEY ([Party], [Kind], [Of], [Start], [End], [ResourceKey])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    CREATE TABLE [ConsentRule] (
        [Patient] bigint NOT NULL,
        [ResourceKey] bigint NOT NULL,
        [Place] smallint NOT NULL,
        [End] bigint NOT NULL,
        [IsException] smallint NOT NULL,
        [Labels] bigint NOT NULL,
        [Party] bigint NOT NULL,
        [Purpose] bigint NOT NULL,
        [Start] bigint NOT NULL,
        [TypeId] smallint NOT NULL,
        CONSTRAINT [PK_ConsentRule] PRIMARY KEY ([Patient], [ResourceKey], [Place])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    CREATE TABLE [SharedPatient] (
        [Sequence] bigint NOT NULL,
        [Patient] bigint NOT NULL,
        CONSTRAINT [PK_SharedPatient] PRIMARY KEY ([Sequence], [Patient])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    CREATE INDEX [IX_CareRelation_ResourceKey] ON [CareRelation] ([ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    CREATE INDEX [IX_ConsentRule_ResourceKey] ON [ConsentRule] ([ResourceKey]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") SELECT 'keep-rows-every-type', 'keep-rows', 1, 0, 0, 0, CAST('*' AS varbinary(max)) WHERE EXISTS (SELECT 1 FROM "Resource");
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129223745_Access'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129223745_Access', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129235936_Audit'
)
BEGIN
    CREATE TABLE [AuditCut] (
        [Id] smallint NOT NULL,
        [Hash] varbinary(max) NULL,
        [Recorded] bigint NOT NULL,
        [Sequence] bigint NOT NULL,
        CONSTRAINT [PK_AuditCut] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129235936_Audit'
)
BEGIN
    CREATE TABLE [AuditKey] (
        [Key] bigint NOT NULL,
        [Sequence] bigint NOT NULL,
        CONSTRAINT [PK_AuditKey] PRIMARY KEY ([Key], [Sequence])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129235936_Audit'
)
BEGIN
    CREATE TABLE [AuditRow] (
        [Sequence] bigint NOT NULL,
        [Content] varbinary(max) NULL,
        [Hash] varbinary(max) NULL,
        [Recorded] bigint NOT NULL,
        CONSTRAINT [PK_AuditRow] PRIMARY KEY ([Sequence])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261129235936_Audit'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261129235936_Audit', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130085200_ActingChange'
)
BEGIN
    CREATE TABLE [ActingChange] (
        [Id] smallint NOT NULL,
        [CommitId] bigint NOT NULL,
        CONSTRAINT [PK_ActingChange] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130085200_ActingChange'
)
BEGIN
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'CommitId') AND [object_id] = OBJECT_ID(N'[ActingChange]'))
        SET IDENTITY_INSERT [ActingChange] ON;
    EXEC(N'INSERT INTO [ActingChange] ([Id], [CommitId])
    VALUES (CAST(1 AS smallint), CAST(0 AS bigint))');
    IF EXISTS (SELECT * FROM [sys].[identity_columns] WHERE [name] IN (N'Id', N'CommitId') AND [object_id] = OBJECT_ID(N'[ActingChange]'))
        SET IDENTITY_INSERT [ActingChange] OFF;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130085200_ActingChange'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_CareRelation_Of] ON [CareRelation] ([Of]) WHERE "Of" > 0');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130085200_ActingChange'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261130085200_ActingChange', N'10.0.14');
END;

COMMIT;
GO
