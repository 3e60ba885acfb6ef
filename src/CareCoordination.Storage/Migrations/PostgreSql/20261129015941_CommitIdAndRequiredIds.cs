using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CommitIdAndRequiredIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "WorkItem",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(64)",
                oldMaxLength: 64,
                oldNullable: true,
                oldCollation: "C"
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(64)",
                oldMaxLength: 64,
                oldNullable: true,
                oldCollation: "C"
            );

            migrationBuilder.AddColumn<long>(
                name: "CommitId",
                table: "ChangeSequence",
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.AddColumn<long>(
                name: "PreviousCommitId",
                table: "ChangeSequence",
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.UpdateData(
                table: "ChangeSequence",
                keyColumn: "Id",
                keyValue: (short)1,
                columns: new[] { "CommitId", "PreviousCommitId" },
                values: new object[] { 0L, 0L }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "CommitId", table: "ChangeSequence");

            migrationBuilder.DropColumn(name: "PreviousCommitId", table: "ChangeSequence");

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "WorkItem",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(64)",
                oldMaxLength: 64,
                oldCollation: "C"
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(64)",
                oldMaxLength: 64,
                oldCollation: "C"
            );
        }
    }
}
