using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace CareCoordination.Storage.Tables;

/// <summary>
/// Makes SQLite tables with a composite primary key WITHOUT ROWID: the key is then the table, and an index row is stored
/// once instead of twice. https://sqlite.org/withoutrowid.html
/// </summary>
internal sealed class WithoutRowIdSqlGenerator(
    MigrationsSqlGeneratorDependencies dependencies,
    IRelationalAnnotationProvider annotations
) : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(
        CreateTableOperation operation,
        IModel? model,
        MigrationCommandListBuilder builder,
        bool terminate = true
    )
    {
        if (operation.PrimaryKey is not { Columns.Length: > 1 } || !terminate)
        {
            base.Generate(operation, model, builder, terminate);
            return;
        }

        base.Generate(operation, model, builder, terminate: false);
        builder.AppendLine(" WITHOUT ROWID;");
        EndStatement(builder);
    }
}
