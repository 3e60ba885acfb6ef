using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Reindexing;

/// <summary>What is to be indexed anew: whole resources, of all types or of some.</summary>
/// <param name="Types">Empty: all.</param>
/// <param name="Parameters">
/// Search parameters whose rows are doubted, by code or canonical; empty: all. They choose the types; of those all rows are written.
/// </param>
public sealed record ReindexScope(ImmutableArray<string> Types, ImmutableArray<string> Parameters)
{
    /// <summary>The types that are walked through; or a sentence that names what there is.</summary>
    public Result<ImmutableArray<string>> Resolve(FhirDefinitions definitions)
    {
        var all = definitions.Schema.Resources.Select(t => t.Name).ToList();
        if (Types.FirstOrDefault(t => !all.Contains(t)) is { } unknown)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{unknown}' is no resource type of FHIR R4; there are {string.Join(", ", all)}.",
                "Parameters.parameter"
            );
        var asked = Types.IsEmpty ? all : [.. Types.Distinct(StringComparer.Ordinal)];
        foreach (var parameter in Parameters)
        {
            if (!asked.Exists(type => Has(definitions, type, parameter)))
                return Unknown(definitions, asked, parameter);
        }

        return asked
            .Where(type => Parameters.IsEmpty || Parameters.Any(parameter => Has(definitions, type, parameter)))
            .ToImmutableArray();
    }

    /// <summary>For people, without an end.</summary>
    public override string ToString() =>
        (Types.IsEmpty ? "all types" : string.Join(", ", Types))
        + (Parameters.IsEmpty ? "" : $" with the search parameter {string.Join(", ", Parameters)}");

    private static bool Has(FhirDefinitions definitions, string type, string parameter) =>
        definitions.SearchParameters.Of(type).Any(p => IsCalled(p, parameter));

    private static bool IsCalled(SearchParameter known, string name) => known.Code == name || known.Url == name;

    private static Failure Unknown(FhirDefinitions definitions, List<string> types, string parameter)
    {
        var codes = types
            .SelectMany(type => definitions.SearchParameters.Of(type).Select(p => p.Code))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var of =
            types.Count > 3
                ? string.Create(CultureInfo.InvariantCulture, $"{types.Count} types")
                : string.Join(", ", types);
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"'{parameter}' is no search parameter of {of} that has an index; there are {string.Join(", ", codes)}.",
            "Parameters.parameter"
        );
    }
}
