using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Extraction;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.TestKit;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>Extraction over the official examples, and over what is no valid resource.</summary>
public sealed class IndexExtractorTests
{
    public static TheoryData<string> Types => [.. Registry.Schema.Resources.Select(type => type.Name)];

    [Fact]
    public void The_official_examples_have_this_many_entries()
    {
        var counts = new int[9];
        foreach (var (_, document) in Examples(""))
        {
            var entries = SearchFixture.Extract(document);
            int[] found =
            [
                entries.Tokens.Count,
                entries.Strings.Count,
                entries.Dates.Count,
                entries.Numbers.Count,
                entries.Quantities.Count,
                entries.References.Count,
                entries.Uris.Count,
                entries.Composites.Count,
                entries.Patients.Count,
            ];
            for (var i = 0; i < counts.Length; i++)
                counts[i] += found[i];
        }

        Assert.Equal("5725 1424 624 81 142 1878 338 500 382", string.Join(' ', counts));
    }

    /// <summary>
    /// The merged walk must find what evaluating each expression by itself finds. <c>hasExtension</c> is no function of R4's
    /// FHIRPath, so the one expression with it is left out.
    /// </summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void One_walk_finds_what_FHIRPath_finds_in_the_official_examples(string type)
    {
        foreach (var (name, document) in Examples(type))
        {
            var walked = Walk(type, document);
            var evaluated = new EntryCollector();
            foreach (var parameter in Registry.Of(type).Where(p => p.Type != SearchParameterType.Composite))
                Evaluate(parameter, document, evaluated);

            Assert.Equal(Lines(evaluated.Entries), Lines(walked), StringComparer.Ordinal);
            var composites = Registry
                .Of(type)
                .Where(p => p.Type == SearchParameterType.Composite)
                .Aggregate(0UL, (bits, p) => bits | (1UL << p.PresenceBit));
            Assert.Equal((name, evaluated.Presence), (name, walked.Presence & ~composites));
        }
    }

    [Fact]
    public void An_unknown_type_has_no_entries() =>
        Assert.Empty(SearchFixture.Extract(Document("""{"resourceType":"Nothing"}""")).Tokens);

    [Fact]
    public void Entries_do_not_repeat_however_many_there_are()
    {
        var members = string.Join(
            ',',
            Enumerable.Range(0, 500).Select(i => $$$"""{"entity":{"reference":"Patient/{{{i % 100}}}"}}""")
        );
        var entries = Extract("Group", $""" "member":[{members}] """);
        Assert.Equal(100, entries.References.Count);
        Assert.Equal(100, entries.Patients.Count);
    }

    /// <summary>Validation comes first in the server, but an import may skip it: extraction reads what it can and never throws.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("[null,[],{}]")]
    [InlineData("{}")]
    [InlineData("""{"coding":{},"reference":1,"start":{},"value":"x","system":2,"code":[1]}""")]
    [InlineData(
        """[{"coding":[1,null,{"code":{}}],"reference":"/","given":[{}],"end":"2020-02-31","value":1e999,"data":"a b"}]"""
    )]
    public void A_misshapen_resource_does_not_stop_extraction(string json)
    {
        foreach (var type in Registry.Schema.Resources)
        {
            var members = type
                .Elements.SelectMany(element => element.Types.Select(t => $"\"{element.JsonName(t.Type)}\":{json}"))
                .Where(m => !m.StartsWith("\"id\"", StringComparison.Ordinal));
            SearchFixture.Extract(Resource(type.Name, string.Join(',', members)));
        }
    }

    /// <summary>Without what chains ask of contained resources, which no expression says.</summary>
    private static IndexEntries Walk(string type, ResourceDocument document)
    {
        var definition = Registry.Schema[type];
        return new PlanBuilder(Registry.Schema, definition)
            .Build(Registry.Of(type), Registry.PatientCompartment(type))
            .Extract(document, definition, int.MaxValue, out _)!;
    }

    private static void Evaluate(SearchParameter parameter, ResourceDocument document, EntryCollector index)
    {
        // A definition's address with its version is no expression of R4.
        if (parameter.HasVersions)
            UriParameter.OfDefinition(parameter.Id)(document.Root, index);
        foreach (var part in ExpressionParts.Split(parameter.Expression))
        {
            if (part.Contains("hasExtension", StringComparison.Ordinal))
                continue;
            // FHIRPath knows dateTime by its own name only, and an extension is not yet its value.
            var expression = part.Contains(".extension(", StringComparison.Ordinal) ? $"{part}.value" : part;
            var compiled = FhirPathExpression.Compile(expression, Registry.Schema).Value;
            new ExpressionLeaf(parameter, 1UL << parameter.PresenceBit, compiled).Extract(
                Element.Root(document, Registry.Schema),
                index
            );
        }
    }

    private static SortedSet<string> Lines(IndexEntries entries) =>
        new(
            [
                .. entries.Tokens.Select(entry => $"{entry}"),
                .. entries.Strings.Select(entry => $"{entry}"),
                .. entries.Dates.Select(entry => $"{entry}"),
                .. entries.Numbers.Select(entry => $"{entry}"),
                .. entries.Quantities.Select(entry => $"{entry}"),
                .. entries.References.Select(entry => $"{entry}"),
                .. entries.Uris.Select(entry => $"{entry}"),
            ],
            StringComparer.Ordinal
        );

    private static IEnumerable<(string Name, ResourceDocument Document)> Examples(string type)
    {
        foreach (
            var file in Directory.GetFiles(
                SharedMaterial.Require("r4-examples"),
                $"{type}{(type.Length == 0 ? "" : "-")}*.json"
            )
        )
            yield return (Path.GetFileName(file), ResourceDocument.Parse(File.ReadAllBytes(file)).Value);
    }
}
