using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareCoordination.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ChangeSequence",
                columns: table => new
                {
                    Id = table.Column<short>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    NextKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChangeSequence", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "CompositeIndex",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false),
                    Check = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstSystem = table.Column<long>(type: "INTEGER", nullable: false),
                    SecondCode = table.Column<long>(type: "INTEGER", nullable: false),
                    SecondSystem = table.Column<long>(type: "INTEGER", nullable: false),
                    Low = table.Column<double>(type: "REAL", nullable: false),
                    High = table.Column<double>(type: "REAL", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_CompositeIndex",
                        x => new
                        {
                            x.Key,
                            x.Check,
                            x.ResourceKey,
                            x.FirstSystem,
                            x.SecondCode,
                            x.SecondSystem,
                            x.Low,
                            x.High,
                            x.Text,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "DateIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_DateIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Start,
                            x.End,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "NumberIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Low = table.Column<double>(type: "REAL", nullable: false),
                    High = table.Column<double>(type: "REAL", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_NumberIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Low,
                            x.High,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "QuantityIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Low = table.Column<double>(type: "REAL", nullable: false),
                    High = table.Column<double>(type: "REAL", nullable: false),
                    System = table.Column<long>(type: "INTEGER", nullable: false),
                    Unit = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_QuantityIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Low,
                            x.High,
                            x.System,
                            x.Unit,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "ReferenceIndex",
                columns: table => new
                {
                    Target = table.Column<long>(type: "INTEGER", nullable: false),
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_ReferenceIndex",
                        x => new
                        {
                            x.Target,
                            x.Parameter,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "Resource",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false),
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    IsDeleted = table.Column<short>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    Presence = table.Column<long>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    TypeId = table.Column<short>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resource", x => x.Key);
                }
            );

            migrationBuilder.CreateTable(
                name: "ResourceVersion",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Change = table.Column<short>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    TypeId = table.Column<short>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceVersion", x => x.Sequence);
                }
            );

            migrationBuilder.CreateTable(
                name: "StringIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    Exact = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_StringIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Value,
                            x.ResourceKey,
                            x.Exact,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "TokenIndex",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false),
                    Check = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                    System = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_TokenIndex",
                        x => new
                        {
                            x.Key,
                            x.Check,
                            x.ResourceKey,
                            x.System,
                        }
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "UriIndex",
                columns: table => new
                {
                    Parameter = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Hash = table.Column<long>(type: "INTEGER", nullable: false),
                    ResourceKey = table.Column<long>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_UriIndex",
                        x => new
                        {
                            x.Parameter,
                            x.Value,
                            x.Hash,
                            x.ResourceKey,
                        }
                    );
                }
            );

            migrationBuilder.InsertData(
                table: "ChangeSequence",
                columns: new[] { "Id", "LastUpdated", "NextKey", "Sequence" },
                values: new object[] { (short)1, 0L, 1L, 0L }
            );

            migrationBuilder.CreateIndex(
                name: "IX_DateIndex_ResourceKey_Parameter_Start_End",
                table: "DateIndex",
                columns: new[] { "ResourceKey", "Parameter", "Start", "End" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_NumberIndex_ResourceKey_Parameter_Low_High",
                table: "NumberIndex",
                columns: new[] { "ResourceKey", "Parameter", "Low", "High" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_QuantityIndex_ResourceKey_Parameter_Low_High",
                table: "QuantityIndex",
                columns: new[] { "ResourceKey", "Parameter", "Low", "High" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Id",
                table: "Resource",
                columns: new[] { "TypeId", "Id" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_Resource_TypeId_Sequence",
                table: "Resource",
                columns: new[] { "TypeId", "Sequence" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersion_ResourceKey_Version",
                table: "ResourceVersion",
                columns: new[] { "ResourceKey", "Version" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_ResourceVersion_TypeId_Sequence",
                table: "ResourceVersion",
                columns: new[] { "TypeId", "Sequence" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_StringIndex_ResourceKey_Parameter_Value",
                table: "StringIndex",
                columns: new[] { "ResourceKey", "Parameter", "Value" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_UriIndex_ResourceKey_Parameter_Hash",
                table: "UriIndex",
                columns: new[] { "ResourceKey", "Parameter", "Hash" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "ChangeSequence");

            migrationBuilder.DropTable(name: "CompositeIndex");

            migrationBuilder.DropTable(name: "DateIndex");

            migrationBuilder.DropTable(name: "NumberIndex");

            migrationBuilder.DropTable(name: "QuantityIndex");

            migrationBuilder.DropTable(name: "ReferenceIndex");

            migrationBuilder.DropTable(name: "Resource");

            migrationBuilder.DropTable(name: "ResourceVersion");

            migrationBuilder.DropTable(name: "StringIndex");

            migrationBuilder.DropTable(name: "TokenIndex");

            migrationBuilder.DropTable(name: "UriIndex");
        }
    }
}
