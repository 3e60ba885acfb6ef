using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Alarm",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alarm", x => x.ResourceKey);
                }
            );

            migrationBuilder.CreateTable(
                name: "ChangeSequence",
                columns: table => new
                {
                    Id = table.Column<short>(type: "smallint", nullable: false),
                    LastUpdated = table.Column<long>(type: "bigint", nullable: false),
                    NextKey = table.Column<long>(type: "bigint", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChangeSequence", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "CompositeIndex",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false),
                    Check = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    FirstSystem = table.Column<long>(type: "bigint", nullable: false),
                    SecondCode = table.Column<long>(type: "bigint", nullable: false),
                    SecondSystem = table.Column<long>(type: "bigint", nullable: false),
                    Low = table.Column<double>(type: "double precision", nullable: false),
                    High = table.Column<double>(type: "double precision", nullable: false),
                    Text = table.Column<string>(
                        type: "character varying(128)",
                        maxLength: 128,
                        nullable: false,
                        collation: "C"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_CompositeIndex",
                        x => new
                        {
                            x.Key,
                            x.Check,
                            x.ResourceKey,
                            x.FirstSystem,
                            x.SecondCode,
                            x.SecondSystem,
                            x.Low,
                            x.High,
                            x.Text,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "DateIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    Start = table.Column<long>(type: "bigint", nullable: false),
                    End = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_DateIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Start,
                            x.End,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "Inbound",
                columns: table => new
                {
                    Partner = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Reference = table.Column<string>(
                        type: "character varying(256)",
                        maxLength: 256,
                        nullable: false,
                        collation: "C"
                    ),
                    Version = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Body = table.Column<byte[]>(type: "bytea", nullable: true),
                    Order = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    State = table.Column<short>(type: "smallint", nullable: false),
                    TaskId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_Inbound",
                        x => new
                        {
                            x.Partner,
                            x.Reference,
                            x.Version,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "Job",
                columns: table => new
                {
                    JobId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Arguments = table.Column<byte[]>(type: "bytea", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: false),
                    IsGivenUp = table.Column<short>(type: "smallint", nullable: false),
                    Kind = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Total = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Job", x => x.JobId);
                }
            );

            migrationBuilder.CreateTable(
                name: "JobStep",
                columns: table => new
                {
                    JobId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    Result = table.Column<byte[]>(type: "bytea", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobStep", x => new { x.JobId, x.Place });
                }
            );

            migrationBuilder.CreateTable(
                name: "NumberIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    Low = table.Column<double>(type: "double precision", nullable: false),
                    High = table.Column<double>(type: "double precision", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_NumberIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Low,
                            x.High,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "Outbox",
                columns: table => new
                {
                    Order = table.Column<long>(type: "bigint", nullable: false),
                    About = table.Column<string>(
                        type: "character varying(129)",
                        maxLength: 129,
                        nullable: false,
                        collation: "C"
                    ),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false),
                    Destination = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    FirstAttemptAt = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<short>(type: "smallint", nullable: false),
                    LastStatus = table.Column<int>(type: "integer", nullable: false),
                    Lease = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Log = table.Column<byte[]>(type: "bytea", nullable: true),
                    MessageId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    NextAt = table.Column<long>(type: "bigint", nullable: false),
                    Outcome = table.Column<byte[]>(type: "bytea", nullable: true),
                    Problem = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    Queue = table.Column<short>(type: "smallint", nullable: false),
                    QueuedAt = table.Column<long>(type: "bigint", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<short>(type: "smallint", nullable: false),
                    Subject = table.Column<string>(
                        type: "character varying(129)",
                        maxLength: 129,
                        nullable: false,
                        collation: "C"
                    ),
                    Topic = table.Column<string>(
                        type: "character varying(32)",
                        maxLength: 32,
                        nullable: false,
                        collation: "C"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Outbox", x => x.Order);
                }
            );

            migrationBuilder.CreateTable(
                name: "PartnerCopy",
                columns: table => new
                {
                    Partner = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    TaskId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Reference = table.Column<string>(
                        type: "character varying(256)",
                        maxLength: 256,
                        nullable: false,
                        collation: "C"
                    ),
                    Status = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PartnerCopy", x => new { x.Partner, x.TaskId });
                }
            );

            migrationBuilder.CreateTable(
                name: "PartnerMark",
                columns: table => new
                {
                    Partner = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    ConsecutiveFailures = table.Column<int>(type: "integer", nullable: false),
                    IsPaused = table.Column<short>(type: "smallint", nullable: false),
                    LastFailureAt = table.Column<long>(type: "bigint", nullable: false),
                    LastProblem = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    LastSuccessAt = table.Column<long>(type: "bigint", nullable: false),
                    PollLease = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    PollLeaseEnd = table.Column<long>(type: "bigint", nullable: false),
                    PolledAt = table.Column<long>(type: "bigint", nullable: false),
                    PolledThrough = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PartnerMark", x => x.Partner);
                }
            );

            migrationBuilder.CreateTable(
                name: "PatientFact",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<short>(type: "smallint", nullable: false),
                    Manager = table.Column<long>(type: "bigint", nullable: false),
                    Patient = table.Column<long>(type: "bigint", nullable: false),
                    Rank = table.Column<short>(type: "smallint", nullable: false),
                    Tier = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PatientFact", x => x.ResourceKey);
                }
            );

            migrationBuilder.CreateTable(
                name: "QuantityIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    Low = table.Column<double>(type: "double precision", nullable: false),
                    High = table.Column<double>(type: "double precision", nullable: false),
                    System = table.Column<long>(type: "bigint", nullable: false),
                    Unit = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_QuantityIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Low,
                            x.High,
                            x.System,
                            x.Unit,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "ReferenceIndex",
                columns: table => new
                {
                    Target = table.Column<long>(type: "bigint", nullable: false),
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_ReferenceIndex",
                        x => new
                        {
                            x.Target,
                            x.Parameter,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "RememberedAnswer",
                columns: table => new
                {
                    KeyHash = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    AnswerId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    AnswerType = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    AnswerVersion = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Digest = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RememberedAnswer", x => x.KeyHash);
                }
            );

            migrationBuilder.CreateTable(
                name: "Resource",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false),
                    Id = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: true,
                        collation: "C"
                    ),
                    IsDeleted = table.Column<short>(type: "smallint", nullable: false),
                    LastUpdated = table.Column<long>(type: "bigint", nullable: false),
                    Presence = table.Column<long>(type: "bigint", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    TypeId = table.Column<short>(type: "smallint", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resource", x => x.Key);
                }
            );

            migrationBuilder.CreateTable(
                name: "ResourceVersion",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Body = table.Column<byte[]>(type: "bytea", nullable: true),
                    Change = table.Column<short>(type: "smallint", nullable: false),
                    LastUpdated = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    TypeId = table.Column<short>(type: "smallint", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceVersion", x => x.Sequence);
                }
            );

            migrationBuilder.CreateTable(
                name: "StringIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    Value = table.Column<string>(
                        type: "character varying(128)",
                        maxLength: 128,
                        nullable: false,
                        collation: "C"
                    ),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    Exact = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_StringIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Value,
                            x.ResourceKey,
                            x.Exact,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "TokenIndex",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false),
                    Check = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    System = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_TokenIndex",
                        x => new
                        {
                            x.Key,
                            x.Check,
                            x.ResourceKey,
                            x.System,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "UriIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "integer", nullable: false),
                    Value = table.Column<string>(
                        type: "character varying(400)",
                        maxLength: 400,
                        nullable: false,
                        collation: "C"
                    ),
                    Hash = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_UriIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Value,
                            x.Hash,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "WorkItem",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    Due = table.Column<long>(type: "bigint", nullable: false),
                    Id = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: true,
                        collation: "C"
                    ),
                    Owner = table.Column<long>(type: "bigint", nullable: false),
                    Patient = table.Column<long>(type: "bigint", nullable: false),
                    Priority = table.Column<short>(type: "smallint", nullable: false),
                    Status = table.Column<short>(type: "smallint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WorkItem", x => x.ResourceKey);
                }
            );

            migrationBuilder.InsertData(
                table: "ChangeSequence",
                columns: new[] { "Id", "LastUpdated", "NextKey", "Sequence" },
                values: new object[] { (short)1, 0L, 1L, 0L }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Alarm_At_ResourceKey",
                table: "Alarm",
                columns: new[] { "At", "ResourceKey" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_DateIndex_ResourceKey_Parameter_Start_End",
                table: "DateIndex",
                columns: new[] { "ResourceKey", "Parameter", "Start", "End" }
            );

            migrationBuilder.CreateIndex(name: "IX_Inbound_At", table: "Inbound", column: "At");

            migrationBuilder.CreateIndex(name: "IX_Inbound_Order", table: "Inbound", column: "Order", unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Inbound_State_Order",
                table: "Inbound",
                columns: new[] { "State", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Job_EndedAt_Kind_CreatedAt",
                table: "Job",
                columns: new[] { "EndedAt", "Kind", "CreatedAt" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_NumberIndex_ResourceKey_Parameter_Low_High",
                table: "NumberIndex",
                columns: new[] { "ResourceKey", "Parameter", "Low", "High" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_About_Order",
                table: "Outbox",
                columns: new[] { "About", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_MessageId",
                table: "Outbox",
                column: "MessageId",
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_Queue_ChangedAt",
                table: "Outbox",
                columns: new[] { "Queue", "ChangedAt" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_Queue_Topic_Destination_Order",
                table: "Outbox",
                columns: new[] { "Queue", "Topic", "Destination", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_Subject_Order",
                table: "Outbox",
                columns: new[] { "Subject", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PartnerCopy_Partner_Reference",
                table: "PartnerCopy",
                columns: new[] { "Partner", "Reference" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Manager_Patient",
                table: "PatientFact",
                columns: new[] { "Manager", "Patient" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Patient_Kind_At_ResourceKey_Rank",
                table: "PatientFact",
                columns: new[] { "Patient", "Kind", "At", "ResourceKey", "Rank" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_QuantityIndex_ResourceKey_Parameter_Low_High",
                table: "QuantityIndex",
                columns: new[] { "ResourceKey", "Parameter", "Low", "High" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_RememberedAnswer_ExpiresAt",
                table: "RememberedAnswer",
                column: "ExpiresAt"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Id",
                table: "Resource",
                columns: new[] { "TypeId", "Id" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Sequence",
                table: "Resource",
                columns: new[] { "TypeId", "Sequence" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersion_ResourceKey_Version",
                table: "ResourceVersion",
                columns: new[] { "ResourceKey", "Version" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersion_TypeId_Sequence",
                table: "ResourceVersion",
                columns: new[] { "TypeId", "Sequence" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_StringIndex_ResourceKey_Parameter_Value",
                table: "StringIndex",
                columns: new[] { "ResourceKey", "Parameter", "Value" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_UriIndex_ResourceKey_Parameter_Hash",
                table: "UriIndex",
                columns: new[] { "ResourceKey", "Parameter", "Hash" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey",
                table: "WorkItem",
                columns: new[] { "Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey" }
            );

            migrationBuilder.CreateIndex(name: "IX_WorkItem_Patient", table: "WorkItem", column: "Patient");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Alarm");

            migrationBuilder.DropTable(name: "ChangeSequence");

            migrationBuilder.DropTable(name: "CompositeIndex");

            migrationBuilder.DropTable(name: "DateIndex");

            migrationBuilder.DropTable(name: "Inbound");

            migrationBuilder.DropTable(name: "Job");

            migrationBuilder.DropTable(name: "JobStep");

            migrationBuilder.DropTable(name: "NumberIndex");

            migrationBuilder.DropTable(name: "Outbox");

            migrationBuilder.DropTable(name: "PartnerCopy");

            migrationBuilder.DropTable(name: "PartnerMark");

            migrationBuilder.DropTable(name: "PatientFact");

            migrationBuilder.DropTable(name: "QuantityIndex");

            migrationBuilder.DropTable(name: "ReferenceIndex");

            migrationBuilder.DropTable(name: "RememberedAnswer");

            migrationBuilder.DropTable(name: "Resource");

            migrationBuilder.DropTable(name: "ResourceVersion");

            migrationBuilder.DropTable(name: "StringIndex");

            migrationBuilder.DropTable(name: "TokenIndex");

            migrationBuilder.DropTable(name: "UriIndex");

            migrationBuilder.DropTable(name: "WorkItem");
        }
    }
}
