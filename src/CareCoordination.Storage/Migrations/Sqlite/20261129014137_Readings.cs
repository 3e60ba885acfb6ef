using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Readings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Reading",
                columns: table => new
                {
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    Code = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_Reading",
                        x => new
                        {
                            x.Subject,
                            x.Code,
                            x.At,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateIndex(name: "IX_Reading_ResourceKey", table: "Reading", column: "ResourceKey");
            RefillJobs.Add(migrationBuilder, StorageProvider.Sqlite, ProjectedReading.ResourceType);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Reading");
        }
    }
}
