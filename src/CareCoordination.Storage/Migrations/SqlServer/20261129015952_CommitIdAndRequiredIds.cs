using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class CommitIdAndRequiredIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Resource_TypeId_Id", table: "Resource");

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "WorkItem",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: false,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldNullable: true,
                oldCollation: "Latin1_General_100_BIN2"
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: false,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldNullable: true,
                oldCollation: "Latin1_General_100_BIN2"
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

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Id",
                table: "Resource",
                columns: new[] { "TypeId", "Id" },
                unique: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Resource_TypeId_Id", table: "Resource");

            migrationBuilder.DropColumn(name: "CommitId", table: "ChangeSequence");

            migrationBuilder.DropColumn(name: "PreviousCommitId", table: "ChangeSequence");

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "WorkItem",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldCollation: "Latin1_General_100_BIN2"
            );

            migrationBuilder.AlterColumn<string>(
                name: "Id",
                table: "Resource",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldCollation: "Latin1_General_100_BIN2"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Id",
                table: "Resource",
                columns: new[] { "TypeId", "Id" },
                unique: true,
                filter: "[Id] IS NOT NULL"
            );
        }
    }
}
