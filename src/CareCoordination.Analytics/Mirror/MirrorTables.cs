using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
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
    private const string Generation = "1";

    private readonly string _definitions;

    /// <param name="views">ViewDefinitions whose tables have their names.</param>
    public MirrorTables(FhirSchema schema, IEnumerable<ReadOnlyMemory<byte>> views)
    {
        var shipped = views.ToList();
        var current = Resources(Current).Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToList();
        var versions = Resources(Versions).Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToList();
        All =
        [
            .. shipped.Concat(current).Select(view => TableOf(schema, view, keepsVersions: false)),
            .. versions.Select(view => TableOf(schema, view, keepsVersions: true)),
        ];
        Sql = [.. Resources(Statements)];
        _definitions = string.Join(
            '\n',
            [
                .. shipped.Concat(current).Concat(versions).Select(view => Encoding.UTF8.GetString(view.Span)),
                .. Sql,
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

    private static MirrorTable TableOf(FhirSchema schema, ReadOnlyMemory<byte> view, bool keepsVersions)
    {
        var plan = ResourceDocument.Parse(view).Then(document => ViewPlan.Compile(document, schema)).Value;
        return new MirrorTable(plan.View.Name!, plan, keepsVersions);
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
