using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64,
                oldNullable: true
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64,
                oldNullable: true
            );

            migrationBuilder.AddColumn<long>(
                name: "CommitId",
                table: "ChangeSequence",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.AddColumn<long>(
                name: "PreviousCommitId",
                table: "ChangeSequence",
                type: "INTEGER",
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
                type: "TEXT",
                maxLength: 64,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "TEXT",
                maxLength: 64,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 64
            );
        }
    }
}
