using CareCoordination.Access.Roles;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Plans;
using CareCoordination.Views.Rows;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// A table that is kept up to date: the rows of a view, and what tells who may see each. It is asked by views: of all its rows, and of those
/// that may be shown to who does not see everything.
/// </summary>
/// <param name="Name">As SQL has it.</param>
/// <param name="KeepsVersions">
/// True: rows of every version of a resource, deletions too, with its place in time; false: of the current one alone.
/// </param>
/// <param name="IsShared">True where those who ask in bulk may see resources of the type at all.</param>
internal sealed record MirrorTable(string Name, ViewPlan Plan, bool KeepsVersions, bool IsShared)
{
    /// <summary>The id of the resource that a row is of.</summary>
    public const string Resource = "_resource";

    /// <summary>The labels of the version, as bits.</summary>
    private const string Labels = "_labels";

    /// <summary>All patients whom the version is about, in its compartments; whether a column names them or not.</summary>
    private const string Patients = "_patients";

    /// <summary>The schema of the tables themselves.</summary>
    public const string Stored = "stored";

    /// <summary>The schema of what may be shown to those who do not see what is more sensitive than the rest.</summary>
    public const string Shared = "shared";

    /// <summary>
    /// Whose denial counts today, from a table that each page of changes fills anew: asked of the consents by each view of a statement it
    /// would cost more than the statement.
    /// </summary>
    private const string Denied = $"{Stored}.denied";

    /// <summary>What makes it.</summary>
    public const string CreateDenied =
        $"CREATE TABLE {Stored}.denial (patient_id VARCHAR, until_day DATE); "
        + $"CREATE VIEW {Denied} AS SELECT patient_id FROM {Stored}.denial WHERE until_day IS NULL OR until_day >= current_date";

    /// <summary>What fills it anew.</summary>
    public const string FillDenied =
        $"DELETE FROM {Stored}.denial; INSERT INTO {Stored}.denial SELECT patient_id, until_day FROM main.denial";

    public string ResourceType => Plan.Type.Name;

    /// <summary>As statements name the table itself.</summary>
    public string StoredName => $"{Stored}.\"{Name}\"";

    /// <summary>What makes the table.</summary>
    public string Create
    {
        get
        {
            var columns = Plan.Columns.SelectMany(Columns);
            var versions = KeepsVersions
                ? "\"_version\" INTEGER, \"_sequence\" BIGINT, \"_at\" TIMESTAMPTZ, \"_day\" DATE, \"_change\" VARCHAR, "
                : "";
            return $"CREATE TABLE {StoredName} (\"{Labels}\" BIGINT, \"{Patients}\" VARCHAR[], \"{Resource}\" VARCHAR, {versions}{string.Join(", ", columns)})";
        }
    }

    /// <summary>What makes the view of all its rows.</summary>
    public string CreateView => $"CREATE VIEW \"{Name}\" AS {SelectRows}";

    /// <summary>
    /// What makes the view of it without what is labelled, and without what is about somebody who has denied it, among others or alone.
    /// docs/access.md
    /// </summary>
    public string CreateShared
    {
        get
        {
            var hidden = (long)RoleTable.Hidden(CareRole.Analytics);
            // Most rows are about one patient, whom a set of the denied ones finds at once.
            var seen = IsShared
                ? $"(\"{Labels}\" & {hidden}) = 0 AND coalesce(\"{Patients}\"[1] NOT IN (SELECT patient_id FROM {Denied}), true) "
                    + $"AND (coalesce(len(\"{Patients}\"), 0) < 2 OR NOT coalesce(list_has_any(\"{Patients}\", (SELECT list(patient_id) FROM {Denied})), false))"
                : "false";
            return $"CREATE VIEW {Shared}.\"{Name}\" AS {SelectRows} WHERE {seen}{OfWhatIsShown}";
        }
    }

    /// <summary>
    /// A Provenance is in the compartment of a patient where it is about the record of the patient itself, and else where what it is about is.
    /// </summary>
    private string OfWhatIsShown =>
        ResourceType == ResourceTypes.Provenance ? $" AND care_plan_id IN (SELECT id FROM {Shared}.care_plan)" : "";

    /// <summary>
    /// Of a version besides when the next one took its place, <c>_until</c>: told before it is looked at who may see which, so that a version is
    /// not taken for the last one where those after it may not be seen.
    /// </summary>
    private string SelectRows =>
        KeepsVersions
            ? $"SELECT * EXCLUDE (\"{Labels}\", \"{Patients}\") FROM (SELECT *, lead(\"_at\") OVER (PARTITION BY \"{Resource}\" ORDER BY \"_version\") AS \"_until\" FROM {StoredName})"
            : $"SELECT * EXCLUDE (\"{Labels}\", \"{Patients}\", \"{Resource}\") FROM {StoredName}";

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
