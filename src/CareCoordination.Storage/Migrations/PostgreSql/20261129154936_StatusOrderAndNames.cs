using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.AddColumn<int>(
                name: "Failures",
                table: "Job",
                type: "integer",
                nullable: false,
                defaultValue: 0
            );

            migrationBuilder.CreateTable(
                name: "PartnerStatus",
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
                    PollProblem = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    PolledAt = table.Column<long>(type: "bigint", nullable: false),
                    PolledThrough = table.Column<long>(type: "bigint", nullable: false),
                    ReadThrough = table.Column<string>(
                        type: "character varying(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "C"
                    ),
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
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
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
            RefillJobs.AddForAll(migrationBuilder, StorageProvider.PostgreSql);
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
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
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
                    PollProblem = table.Column<string>(
                        type: "character varying(512)",
                        maxLength: 512,
                        nullable: false,
                        collation: "C"
                    ),
                    PolledAt = table.Column<long>(type: "bigint", nullable: false),
                    PolledThrough = table.Column<long>(type: "bigint", nullable: false),
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
