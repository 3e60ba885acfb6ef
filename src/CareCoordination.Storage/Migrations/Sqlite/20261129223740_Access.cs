using CareCoordination.Storage.Tables;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Labels",
                table: "ResourceVersion",
                type: "INTEGER",
                nullable: false,
                defaultValue: AboutPatient.UnknownLabels
            );

            migrationBuilder.AddColumn<long>(
                name: "Patient",
                table: "ResourceVersion",
                type: "INTEGER",
                nullable: false,
                defaultValue: AboutPatient.Unknown
            );

            migrationBuilder.AddColumn<long>(
                name: "Labels",
                table: "Resource",
                type: "INTEGER",
                nullable: false,
                defaultValue: AboutPatient.UnknownLabels
            );

            migrationBuilder.AddColumn<long>(
                name: "Patient",
                table: "Resource",
                type: "INTEGER",
                nullable: false,
                defaultValue: AboutPatient.Unknown
            );

            migrationBuilder.CreateTable(
                name: "CareRelation",
                columns: table => new
                {
                    Party = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<short>(type: "INTEGER", nullable: false),
                    Of = table.Column<long>(type: "INTEGER", nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_CareRelation",
                        x => new
                        {
                            x.Party,
                            x.Kind,
                            x.Of,
                            x.Start,
                            x.End,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "ConsentRule",
                columns: table => new
                {
                    Patient = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<short>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false),
                    IsException = table.Column<short>(type: "INTEGER", nullable: false),
                    Labels = table.Column<long>(type: "INTEGER", nullable: false),
                    Party = table.Column<long>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<long>(type: "INTEGER", nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    TypeId = table.Column<short>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_ConsentRule",
                        x => new
                        {
                            x.Patient,
                            x.ResourceKey,
                            x.Place,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "SharedPatient",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    Patient = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SharedPatient", x => new { x.Sequence, x.Patient });
                }
            );

            migrationBuilder.CreateIndex(
                name: "IX_CareRelation_ResourceKey",
                table: "CareRelation",
                column: "ResourceKey"
            );

            migrationBuilder.CreateIndex(
                name: "IX_ConsentRule_ResourceKey",
                table: "ConsentRule",
                column: "ResourceKey"
            );

            // Who resources are about, and relations, come from their bytes.
            RefillJobs.AddForEveryType(migrationBuilder, StorageProvider.Sqlite);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "CareRelation");

            migrationBuilder.DropTable(name: "ConsentRule");

            migrationBuilder.DropTable(name: "SharedPatient");

            migrationBuilder.DropColumn(name: "Labels", table: "ResourceVersion");

            migrationBuilder.DropColumn(name: "Patient", table: "ResourceVersion");

            migrationBuilder.DropColumn(name: "Labels", table: "Resource");

            migrationBuilder.DropColumn(name: "Patient", table: "Resource");
        }
    }
}
