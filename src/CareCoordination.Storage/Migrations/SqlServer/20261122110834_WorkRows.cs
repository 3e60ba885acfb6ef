using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class WorkRows : Migration
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
                        type: "nvarchar(64)",
                        maxLength: 64,
                        nullable: false,
                        collation: "Latin1_General_100_BIN2"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PatientFact", x => x.ResourceKey);
                }
            );

            migrationBuilder.CreateTable(
                name: "WorkItem",
                columns: table => new
                {
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
                    Due = table.Column<long>(type: "bigint", nullable: false),
                    Id = table.Column<string>(
                        type: "nvarchar(64)",
                        maxLength: 64,
                        nullable: true,
                        collation: "Latin1_General_100_BIN2"
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

            migrationBuilder.CreateIndex(
                name: "IX_Alarm_At_ResourceKey",
                table: "Alarm",
                columns: new[] { "At", "ResourceKey" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Manager_Patient",
                table: "PatientFact",
                columns: new[] { "Manager", "Patient" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Patient_Kind_At_ResourceKey",
                table: "PatientFact",
                columns: new[] { "Patient", "Kind", "At", "ResourceKey" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_WorkItem_Owner_Due",
                table: "WorkItem",
                columns: new[] { "Owner", "Due" }
            );

            migrationBuilder.CreateIndex(name: "IX_WorkItem_Patient", table: "WorkItem", column: "Patient");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Alarm");

            migrationBuilder.DropTable(name: "PatientFact");

            migrationBuilder.DropTable(name: "WorkItem");
        }
    }
}
