using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ActingChange : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ActingChange",
                columns: table => new
                {
                    Id = table.Column<short>(type: "smallint", nullable: false),
                    CommitId = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActingChange", x => x.Id);
                }
            );

            migrationBuilder.InsertData(
                table: "ActingChange",
                columns: new[] { "Id", "CommitId" },
                values: new object[] { (short)1, 0L }
            );

            migrationBuilder.CreateIndex(
                name: "IX_CareRelation_Of",
                table: "CareRelation",
                column: "Of",
                filter: "\"Of\" > 0"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "ActingChange");

            migrationBuilder.DropIndex(name: "IX_CareRelation_Of", table: "CareRelation");
        }
    }
}
