using System.Text.Json.Nodes;
using CareCoordination.TestKit;

namespace CareCoordination.Partners.Tests.Guides;

/// <summary>An example of an implementation guide, as its authors published it.</summary>
internal sealed record GuideExample(string File, string Type, string Id, string Json);

/// <summary>The examples of the guides that referrals are exchanged by; their definitions are left out.</summary>
internal static class GuideExamples
{
    public static readonly string[] Guides = ["bser-2.0.0-ballot", "sdoh-clinicalcare-3.0.0", "cow-1.0.0-ballot"];

    private static readonly string[] Definitions =
    [
        "ActorDefinition",
        "CapabilityStatement",
        "CodeSystem",
        "ImplementationGuide",
        "SearchParameter",
        "StructureDefinition",
        "ValueSet",
    ];

    /// <summary>Skips the test where the guides are not on this machine.</summary>
    public static IReadOnlyList<GuideExample> Read(string guide) =>
        [
            .. Directory
                .GetFiles(SharedMaterial.Require(Path.Combine("ig", guide)), "*.json")
                .Order(StringComparer.Ordinal)
                .Select(ReadFile)
                .OfType<GuideExample>(),
        ];

    private static GuideExample? ReadFile(string file)
    {
        var text = File.ReadAllText(file);
        var json = JsonNode.Parse(text)!;
        var (type, id) = ((string?)json["resourceType"], (string?)json["id"]);
        return type is null || id is null || Definitions.Contains(type)
            ? null
            : new GuideExample(Path.GetFileName(file), type, id, text);
    }
}
