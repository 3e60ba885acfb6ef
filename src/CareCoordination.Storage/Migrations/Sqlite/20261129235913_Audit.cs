using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Audit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AuditCut",
                columns: table => new
                {
                    Id = table.Column<short>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Recorded = table.Column<long>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditCut", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "AuditKey",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditKey", x => new { x.Key, x.Sequence });
                }
            );

            migrationBuilder.CreateTable(
                name: "AuditRow",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Recorded = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditRow", x => x.Sequence);
                }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "AuditCut");

            migrationBuilder.DropTable(name: "AuditKey");

            migrationBuilder.DropTable(name: "AuditRow");
        }
    }
}
