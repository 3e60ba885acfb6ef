using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class StatusOrderAndNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Status",
                table: "Resource",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.AddColumn<int>(
                name: "Failures",
                table: "Job",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0
            );

            migrationBuilder.CreateTable(
                name: "PartnerStatus",
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
                    PollProblem = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    PolledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PolledThrough = table.Column<long>(type: "INTEGER", nullable: false),
                    ReadThrough = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PartnerStatus", x => x.Partner);
                }
            );

            migrationBuilder.CreateTable(
                name: "Timer",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Timer", x => x.ResourceKey);
                }
            );

            migrationBuilder.Sql(
                """INSERT INTO "Timer" ("ResourceKey", "At") SELECT "ResourceKey", "At" FROM "Alarm";"""
            );
            migrationBuilder.Sql(
                """
                INSERT INTO "PartnerStatus" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", "ReadThrough")
                SELECT "Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem", '' FROM "PartnerMark";
                """
            );

            migrationBuilder.DropTable(name: "Alarm");

            migrationBuilder.DropTable(name: "PartnerMark");

            migrationBuilder.CreateIndex(
                name: "IX_Resource_Status_Sequence",
                table: "Resource",
                columns: new[] { "Status", "Sequence" },
                filter: "\"Status\" <> 0"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Timer_At_ResourceKey",
                table: "Timer",
                columns: new[] { "At", "ResourceKey" }
            );
            RefillJobs.AddForAll(migrationBuilder, StorageProvider.Sqlite);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Resource_Status_Sequence", table: "Resource");

            migrationBuilder.DropColumn(name: "Status", table: "Resource");

            migrationBuilder.DropColumn(name: "Failures", table: "Job");

            migrationBuilder.CreateTable(
                name: "Alarm",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alarm", x => x.ResourceKey);
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
                    PollProblem = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    PolledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PolledThrough = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PartnerMark", x => x.Partner);
                }
            );

            migrationBuilder.Sql(
                """INSERT INTO "Alarm" ("ResourceKey", "At") SELECT "ResourceKey", "At" FROM "Timer";"""
            );
            migrationBuilder.Sql(
                """
                INSERT INTO "PartnerMark" ("Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem")
                SELECT "Partner", "PolledThrough", "PolledAt", "PollLease", "PollLeaseEnd", "PollProblem", "LastSuccessAt", "LastFailureAt", "ConsecutiveFailures", "IsPaused", "LastProblem" FROM "PartnerStatus";
                """
            );

            migrationBuilder.DropTable(name: "PartnerStatus");

            migrationBuilder.DropTable(name: "Timer");

            migrationBuilder.CreateIndex(
                name: "IX_Alarm_At_ResourceKey",
                table: "Alarm",
                columns: new[] { "At", "ResourceKey" }
            );
        }
    }
}
