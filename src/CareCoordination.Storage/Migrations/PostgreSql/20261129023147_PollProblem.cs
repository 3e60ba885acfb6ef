using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class PollProblem : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PollProblem",
                table: "PartnerMark",
                type: "character varying(512)",
                maxLength: 512,
                nullable: false,
                defaultValue: "",
                collation: "C"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "PollProblem", table: "PartnerMark");
        }
    }
}
