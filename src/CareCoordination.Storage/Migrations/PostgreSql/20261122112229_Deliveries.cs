using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Deliveries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Delivery",
                columns: table => new
                {
                    Order = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false),
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
                    Partner = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Problem = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    Queue = table.Column<short>(type: "smallint", nullable: false),
                    QueuedAt = table.Column<long>(type: "bigint", nullable: false),
                    RequestId = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
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
                    table.PrimaryKey("PK_Delivery", x => x.Order);
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
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Status = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
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

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_MessageId",
                table: "Delivery",
                column: "MessageId",
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_Queue_Partner_Order",
                table: "Delivery",
                columns: new[] { "Queue", "Partner", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_RequestId_Order",
                table: "Delivery",
                columns: new[] { "RequestId", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Delivery_TaskId_Order",
                table: "Delivery",
                columns: new[] { "TaskId", "Order" }
            );

            migrationBuilder.CreateIndex(name: "IX_Inbound_Order", table: "Inbound", column: "Order", unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Inbound_State_Order",
                table: "Inbound",
                columns: new[] { "State", "Order" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PartnerCopy_Partner_Reference",
                table: "PartnerCopy",
                columns: new[] { "Partner", "Reference" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Delivery");

            migrationBuilder.DropTable(name: "Inbound");

            migrationBuilder.DropTable(name: "PartnerCopy");

            migrationBuilder.DropTable(name: "PartnerMark");
        }
    }
}
