using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CareCoordination.Access.Roles;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Views.Plans;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// All tables that are kept: the views that come with the program, further ones for measures, the versions that events are read from,
/// and SQL over them.
/// </summary>
internal sealed class MirrorTables
{
    private const string Versions = "versions/";
    private const string Current = "current/";
    private const string Statements = "sql/";

    /// <summary>To be changed where a table is filled otherwise than before.</summary>
    private const string Generation = "2";

    private readonly string _definitions;

    /// <param name="parameters">Of all types: which of them are about patients.</param>
    /// <param name="views">ViewDefinitions whose tables have their names.</param>
    public MirrorTables(SearchParameterRegistry parameters, IEnumerable<ReadOnlyMemory<byte>> views)
    {
        var shipped = views.ToList();
        var current = Resources(Current).Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToList();
        var versions = Resources(Versions).Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToList();
        All =
        [
            .. shipped.Concat(current).Select(view => TableOf(parameters, view, keepsVersions: false)),
            .. versions.Select(view => TableOf(parameters, view, keepsVersions: true)),
        ];
        Sql = [.. Resources(Statements)];
        _definitions = string.Join(
            '\n',
            [
                MirrorTable.CreateDenied,
                .. All.SelectMany(table => new[] { table.Create, table.CreateView, table.CreateShared }),
                .. shipped.Concat(current).Concat(versions).Select(view => Encoding.UTF8.GetString(view.Span)),
                .. Sql,
                .. PolicyTables.Create,
                CodeSets.Text,
                Generation,
            ]
        );
    }

    public ImmutableArray<MirrorTable> All { get; }

    /// <summary>Statements that make views over the tables, in their order.</summary>
    public ImmutableArray<string> Sql { get; }

    /// <summary>The same where the tables would be the same.</summary>
    public string FingerprintIn(CalendarDays calendar) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_definitions}\n{calendar.Fingerprint}")));

    private static MirrorTable TableOf(
        SearchParameterRegistry parameters,
        ReadOnlyMemory<byte> view,
        bool keepsVersions
    )
    {
        var plan = ResourceDocument.Parse(view).Then(document => ViewPlan.Compile(document, parameters.Schema)).Value;
        return new MirrorTable(plan.View.Name!, plan, keepsVersions, IsShared(parameters, plan.Type.Name));
    }

    /// <summary>What may be exported may be asked: the same rows of the table of roles say both.</summary>
    private static bool IsShared(SearchParameterRegistry parameters, string resourceType)
    {
        var group = ResourceGroups.Of(resourceType, !parameters.PatientCompartment(resourceType).IsEmpty);
        return RoleTable.Exports.Any(grant => grant.Role == CareRole.Analytics && grant.Covers(resourceType, group));
    }

    private static IEnumerable<string> Resources(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
