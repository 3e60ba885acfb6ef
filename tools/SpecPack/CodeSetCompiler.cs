using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace SpecPack;

/// <summary>Enumerates value sets from the code systems of the package itself.</summary>
internal sealed class CodeSetCompiler(DefinitionsPackage package)
{
    private readonly Dictionary<string, JsonElement> _valueSets = package["ValueSet"]
        .ToDictionary(v => v.Required("url"), StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _codeSystems = package["CodeSystem"]
        .ToDictionary(c => c.Required("url"), StringComparer.Ordinal);
    private readonly Dictionary<string, CodeSet?> _compiled = new(StringComparer.Ordinal);

    public IEnumerable<CodeSet> Compiled => _compiled.Values.OfType<CodeSet>();

    /// <summary>The codes of a value set, or null where the package alone cannot tell them all.</summary>
    public CodeSet? Find(string valueSet)
    {
        var url = valueSet.WithoutVersion();
        if (!_compiled.TryGetValue(url, out var set))
        {
            set = Enumerate(url) is { } codes ? new CodeSet(url, codes) : null;
            _compiled.Add(url, set);
        }

        return set;
    }

    private ImmutableArray<Code>? Enumerate(string url)
    {
        if (!_valueSets.TryGetValue(url, out var valueSet) || !valueSet.TryGetProperty("compose", out var compose))
            return null;
        var codes = new List<Code>();
        foreach (var include in compose.Items("include"))
        {
            if (Included(include) is not { } included)
                return null;
            codes.AddRange(included);
        }

        foreach (var exclude in compose.Items("exclude"))
        {
            if (Included(exclude) is not { } excluded)
                return null;
            codes.RemoveAll(c => excluded.Exists(e => e.System == c.System && e.Value == c.Value));
        }

        return [.. codes.DistinctBy(c => (c.System, c.Value))];
    }

    /// <summary>The codes of one include: of its system, kept to those of every value set it names.</summary>
    private List<Code>? Included(JsonElement include)
    {
        List<Code>? codes = null;
        if (include.Text("system") is { } system)
        {
            codes = OfSystem(system, include);
            if (codes is null)
                return null;
        }

        foreach (var valueSet in include.Texts("valueSet"))
        {
            if (Enumerate(valueSet.WithoutVersion()) is not { } others)
                return null;
            codes = codes is null
                ? [.. others]
                : codes.FindAll(c => others.Any(o => o.System == c.System && o.Value == c.Value));
        }

        return codes;
    }

    private List<Code>? OfSystem(string system, JsonElement include)
    {
        var known = _codeSystems.TryGetValue(system, out var codeSystem) && codeSystem.Text("content") == "complete";
        var all = known ? Concepts(codeSystem, ancestors: []).ToList() : null;
        if (include.Items("concept").Any())
        {
            var displays = all?.ToDictionary(c => c.Code, c => c.Display, StringComparer.Ordinal);
            return
            [
                .. include
                    .Items("concept")
                    .Select(c => c.Required("code"))
                    .Select(code => new Code(system, code, DisplayOf(system, displays?.GetValueOrDefault(code)))),
            ];
        }

        foreach (var filter in include.Items("filter"))
        {
            if (filter.Required("property") != "concept")
                return null;
            var value = filter.Required("value");
            switch (filter.Required("op"))
            {
                case "is-a":
                    all = all?.FindAll(c => c.Code == value || c.Ancestors.Contains(value));
                    break;
                case "descendent-of":
                    all = all?.FindAll(c => c.Ancestors.Contains(value));
                    break;
                default:
                    return null;
            }
        }

        return all?.ConvertAll(c => new Code(system, c.Code, DisplayOf(system, c.Display)));
    }

    /// <summary>Displays of systems that HL7 did not define belong to their owners.</summary>
    private static string DisplayOf(string system, string? display) =>
        system.StartsWith("http://hl7.org/fhir", StringComparison.Ordinal)
        || system.StartsWith("http://terminology.hl7.org/", StringComparison.Ordinal)
            ? display ?? ""
            : "";

    private static IEnumerable<(string Code, string? Display, ImmutableArray<string> Ancestors)> Concepts(
        JsonElement parent,
        ImmutableArray<string> ancestors
    )
    {
        foreach (var concept in parent.Items("concept"))
        {
            var code = concept.Required("code");
            if (IsSelectable(concept))
                yield return (code, concept.Text("display"), ancestors);
            foreach (var child in Concepts(concept, ancestors.Add(code)))
                yield return child;
        }
    }

    /// <summary>A grouping such as <c>question</c> in item-type is no code to use.</summary>
    private static bool IsSelectable(JsonElement concept) =>
        !concept.Items("property").Any(p => p.Text("code") == "notSelectable" && p.Flag("valueBoolean"));
}
