using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.SqlServer
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
                    Subject = table.Column<long>(type: "bigint", nullable: false),
                    Code = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    ResourceKey = table.Column<long>(type: "bigint", nullable: false),
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
            RefillJobs.Add(migrationBuilder, StorageProvider.SqlServer, ProjectedReading.ResourceType);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Reading");
        }
    }
}
