using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace SpecPack;

/// <summary>Search parameters and compartments.</summary>
internal static class SearchCompiler
{
    // Three examples of how a SearchParameter may look are published among the real ones.
    private static readonly string[] Examples = ["example", "example-extension", "example-reference"];

    public static ImmutableArray<SearchParameterDefinition> Parameters(DefinitionsPackage package, FhirSchema schema) =>
        [
            .. package["SearchParameter"]
                .Where(p => IsUsable(p, schema))
                .OrderBy(p => p.Required("url"), StringComparer.Ordinal)
                .Select(Parameter),
        ];

    /// <summary>The parameter applies to types of R4, and says what it searches unless it is one of the general special ones.</summary>
    private static bool IsUsable(JsonElement parameter, FhirSchema schema)
    {
        var bases = parameter.Texts("base").ToArray();
        return bases.Length > 0
            && bases.All(b => schema.TryGetType(b, out var type) && type.IsResource)
            && (
                parameter.Text("expression") is not null
                || bases.All(b => schema[b].IsAbstract) && !IsExtensionPack(parameter)
            )
            && !Examples.Contains(parameter.Required("id"));
    }

    // Patient-age and Patient-birthOrderBoolean stand on Resource without an expression.
    private static bool IsExtensionPack(JsonElement parameter) =>
        parameter.Required("id").Contains("-extensions-", StringComparison.Ordinal);

    private static SearchParameterDefinition Parameter(JsonElement parameter) =>
        new(
            parameter.Required("url"),
            parameter.Required("code"),
            parameter.Required("type"),
            [.. parameter.Texts("base").Order(StringComparer.Ordinal)],
            parameter.Text("expression") ?? "",
            [.. parameter.Texts("target").Order(StringComparer.Ordinal)],
            [
                .. parameter
                    .Items("component")
                    .Select(c => new SearchParameterComponent(c.Required("definition"), c.Required("expression"))),
            ]
        );

    public static ImmutableArray<CompartmentDefinition> Compartments(DefinitionsPackage package) =>
        [
            .. package["CompartmentDefinition"]
                .Where(c => c.Required("id") != "example")
                .OrderBy(c => c.Required("code"), StringComparer.Ordinal)
                .Select(c => new CompartmentDefinition(c.Required("code"), Members(c))),
        ];

    private static Dictionary<string, ImmutableArray<string>> Members(JsonElement compartment) =>
        compartment
            .Items("resource")
            .Where(r => r.Items("param").Any())
            .ToDictionary(r => r.Required("code"), r => r.Texts("param").ToImmutableArray(), StringComparer.Ordinal);
}
