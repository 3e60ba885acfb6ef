using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CareCoordination.Storage.Tables;

/// <summary>
/// The EF Core model, made from <see cref="FhirTables"/>. It makes and applies migrations; the hot paths use commands of their own
/// (docs/adr/0006-storage.md says why).
/// </summary>
internal abstract class FhirDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>The collation under which text compares by code point; null where that is what the engine does anyway.</summary>
    protected virtual string? OrdinalCollation => null;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var table in FhirTables.All)
            modelBuilder.SharedTypeEntity<Dictionary<string, object>>(table.Name, entity => Map(table, entity));
        modelBuilder
            .SharedTypeEntity<Dictionary<string, object>>(FhirTables.ChangeSequence.Name)
            .HasData(
                new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["Id"] = (short)1,
                    ["Sequence"] = 0L,
                    ["LastUpdated"] = 0L,
                    ["NextKey"] = 1L,
                    ["CommitId"] = 0L,
                    ["PreviousCommitId"] = 0L,
                }
            );
        modelBuilder
            .SharedTypeEntity<Dictionary<string, object>>(FhirTables.ActingChange.Name)
            .HasData(new Dictionary<string, object>(StringComparer.Ordinal) { ["Id"] = (short)1, ["CommitId"] = 0L });
    }

    private void Map(TableShape table, EntityTypeBuilder<Dictionary<string, object>> entity)
    {
        entity.ToTable(table.Name);
        foreach (var column in table.Columns)
        {
            var property = entity.IndexerProperty(ClrType(column.Type), column.Name);
            property.ValueGeneratedNever();
            if (column.MaxLength > 0)
                property.HasMaxLength(column.MaxLength);
            if (column.Type == ColumnType.Text && OrdinalCollation is { } collation)
                property.UseCollation(collation);
        }

        entity.HasKey([.. table.Key]);
        // After the key: a column named Id is one by convention until another is named, and what it requires goes with it.
        foreach (var column in table.Columns)
            entity.IndexerProperty(ClrType(column.Type), column.Name).IsRequired(!column.IsNullable);
        foreach (var index in table.Indexes)
        {
            var made = entity.HasIndex([.. index.Columns]).IsUnique(index.IsUnique);
            if (index.Filter is { } filter)
                made.HasFilter(filter);
        }
    }

    private static Type ClrType(ColumnType type) =>
        type switch
        {
            ColumnType.Short => typeof(short),
            ColumnType.Int => typeof(int),
            ColumnType.Long => typeof(long),
            ColumnType.Real => typeof(double),
            ColumnType.Text => typeof(string),
            _ => typeof(byte[]),
        };
}

internal sealed class SqliteFhirDbContext(DbContextOptions<SqliteFhirDbContext> options) : FhirDbContext(options);

internal sealed class PostgreSqlFhirDbContext(DbContextOptions<PostgreSqlFhirDbContext> options)
    : FhirDbContext(options)
{
    protected override string OrdinalCollation => "C";
}

internal sealed class SqlServerFhirDbContext(DbContextOptions<SqlServerFhirDbContext> options) : FhirDbContext(options)
{
    public const string Collation = "Latin1_General_100_BIN2";

    protected override string OrdinalCollation => Collation;
}
