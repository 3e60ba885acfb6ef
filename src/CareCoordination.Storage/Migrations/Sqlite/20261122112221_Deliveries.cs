using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
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
                    Order = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstAttemptAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<short>(type: "INTEGER", nullable: false),
                    LastStatus = table.Column<int>(type: "INTEGER", nullable: false),
                    Lease = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Log = table.Column<byte[]>(type: "BLOB", nullable: true),
                    MessageId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Partner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Problem = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    Queue = table.Column<short>(type: "INTEGER", nullable: false),
                    QueuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<short>(type: "INTEGER", nullable: false),
                    TaskId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
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
                    Partner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Version = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Order = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    State = table.Column<short>(type: "INTEGER", nullable: false),
                    TaskId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
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
                    Partner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TaskId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Version = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
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
                    Partner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ConsecutiveFailures = table.Column<int>(type: "INTEGER", nullable: false),
                    IsPaused = table.Column<short>(type: "INTEGER", nullable: false),
                    LastFailureAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastProblem = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    LastSuccessAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PollLease = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PollLeaseEnd = table.Column<long>(type: "INTEGER", nullable: false),
                    PolledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PolledThrough = table.Column<long>(type: "INTEGER", nullable: false),
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
