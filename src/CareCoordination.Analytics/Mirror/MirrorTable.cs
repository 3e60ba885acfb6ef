using CareCoordination.Access.Roles;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Plans;
using CareCoordination.Views.Rows;

namespace CareCoordination.Analytics.Mirror;

/// <summary>A table that is kept up to date: the rows of a view.</summary>
/// <param name="Name">As SQL has it.</param>
/// <param name="KeepsVersions">
/// True: rows of every version of a resource, deletions too, with its place in time; false: of the current one alone.
/// </param>
internal sealed record MirrorTable(string Name, ViewPlan Plan, bool KeepsVersions)
{
    /// <summary>The id of the resource that a row is of.</summary>
    public const string Resource = "_resource";

    /// <summary>The labels of the version, as bits.</summary>
    public const string Labels = "_labels";

    /// <summary>The schema of what may be shown to those who do not see what is more sensitive than the rest.</summary>
    public const string Shared = "shared";

    public string ResourceType => Plan.Type.Name;

    /// <summary>What makes the table.</summary>
    public string Create
    {
        get
        {
            var columns = Plan.Columns.SelectMany(Columns);
            var versions = KeepsVersions
                ? "\"_version\" INTEGER, \"_sequence\" BIGINT, \"_at\" TIMESTAMPTZ, \"_day\" DATE, \"_change\" VARCHAR, "
                : "";
            return $"CREATE TABLE \"{Name}\" (\"{Resource}\" VARCHAR, \"{Labels}\" BIGINT, {versions}{string.Join(", ", columns)})";
        }
    }

    /// <summary>
    /// What makes the view of it without what is labelled and without patients who have denied it. docs/access.md
    /// </summary>
    public string CreateShared
    {
        get
        {
            var patient =
                Plan.Columns.Any(column => column.Name == "patient_id") ? "patient_id"
                : ResourceType == ResourceTypes.Patient ? $"\"{Resource}\""
                : null;
            var denied = patient is null
                ? ""
                : $" AND ({patient} IS NULL OR {patient} NOT IN (SELECT patient_id FROM main.denied))";
            var hidden = (long)RoleTable.Hidden(CareRole.Analytics);
            return $"CREATE VIEW {Shared}.\"{Name}\" AS SELECT * FROM main.\"{Name}\" WHERE (\"{Labels}\" & {hidden}) = 0{denied}";
        }
    }

    /// <summary>
    /// A date keeps the precision of the record as text. Beside it stands the day in the zone of the server's calendar, and beside a time the
    /// instant, for arithmetic.
    /// </summary>
    private static IEnumerable<string> Columns(ViewColumn column)
    {
        yield return $"\"{column.Name}\" {TypeOf(column)}{(column.IsCollection ? "[]" : "")}";
        if (HasDay(column))
            yield return $"\"{column.Name}_day\" DATE";
        if (HasInstant(column))
            yield return $"\"{column.Name}_at\" TIMESTAMPTZ";
    }

    public static bool HasDay(ViewColumn column) =>
        !column.IsCollection && column.Type is ViewColumnType.Date or ViewColumnType.DateTime or ViewColumnType.Instant;

    public static bool HasInstant(ViewColumn column) =>
        !column.IsCollection && column.Type is ViewColumnType.DateTime or ViewColumnType.Instant;

    private static string TypeOf(ViewColumn column) =>
        column.Type switch
        {
            ViewColumnType.Boolean => "BOOLEAN",
            ViewColumnType.Integer => "BIGINT",
            ViewColumnType.Decimal => "DOUBLE",
            _ => "VARCHAR",
        };
}
