using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CoveringWork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_WorkItem_Owner_Due", table: "WorkItem");

            migrationBuilder.DropIndex(name: "IX_PatientFact_Patient_Kind_At_ResourceKey", table: "PatientFact");

            migrationBuilder.CreateIndex(
                name: "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey",
                table: "WorkItem",
                columns: new[] { "Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Patient_Kind_At_ResourceKey_Rank",
                table: "PatientFact",
                columns: new[] { "Patient", "Kind", "At", "ResourceKey", "Rank" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_WorkItem_Owner_Due_Status_Priority_Patient_Id_ResourceKey",
                table: "WorkItem"
            );

            migrationBuilder.DropIndex(name: "IX_PatientFact_Patient_Kind_At_ResourceKey_Rank", table: "PatientFact");

            migrationBuilder.CreateIndex(
                name: "IX_WorkItem_Owner_Due",
                table: "WorkItem",
                columns: new[] { "Owner", "Due" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_PatientFact_Patient_Kind_At_ResourceKey",
                table: "PatientFact",
                columns: new[] { "Patient", "Kind", "At", "ResourceKey" }
            );
        }
    }
}
