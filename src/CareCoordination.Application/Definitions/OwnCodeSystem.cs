using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Definitions;

/// <summary>A code system that this server is the source of, with all its codes.</summary>
/// <param name="ValueSet">The canonical of the set of all its codes, where an extension is bound to it; null where nothing is.</param>
internal sealed record OwnCodeSystem(string Url, string Title, string Meaning, ImmutableArray<OwnCode> Codes)
{
    public string? ValueSet { get; init; }

    public IEnumerable<BuiltIn> ToBuiltIns()
    {
        yield return OwnResource.BuiltIn(ResourceTypes.CodeSystem, Url, Title, Meaning, Describe);
        if (ValueSet is not null)
            yield return OwnResource.BuiltIn(
                ResourceTypes.ValueSet,
                ValueSet,
                Title,
                $"All codes of the code system: {Meaning}",
                set =>
                {
                    set["immutable"] = false;
                    set["compose"] = new JsonObject
                    {
                        ["include"] = new JsonArray(new JsonObject { ["system"] = Url }),
                    };
                }
            );
    }

    /// <summary>https://hl7.org/fhir/R4/codesystem.html</summary>
    private void Describe(JsonObject system)
    {
        system["caseSensitive"] = true;
        if (ValueSet is not null)
            system["valueSet"] = ValueSet;
        system["content"] = "complete";
        system["count"] = Codes.Length;
        system["concept"] = new JsonArray([
            .. Codes.Select(c => new JsonObject
            {
                ["code"] = c.Code,
                ["display"] = c.Display,
                ["definition"] = c.Meaning,
            }),
        ]);
    }
}
