using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>Merges the expressions of a type's search parameters into one tree of <see cref="PlanNode"/>s.</summary>
internal sealed class PlanBuilder(FhirSchema schema, TypeDefinition type)
{
    private const string OfResource = "%resource.";

    private readonly PlanNode _root = new(type, null);
    private readonly List<ExpressionLeaf> _expressions = [];

    /// <summary>True where what references lead to is gathered, and no entries of an index.</summary>
    public bool FollowsReferences { get; init; }

    public ExtractionPlan Build(
        IEnumerable<SearchParameter> parameters,
        IEnumerable<SearchParameter> patientCompartment,
        Func<int, TypeDefinition, ExtractionPlan>? parts = null
    )
    {
        var status = 0;
        foreach (var parameter in parameters)
        {
            if (parameter.IsStatus)
                status = parameter.Id;
            var presence = 1UL << parameter.PresenceBit;
            if (parameter.HasVersions)
                AddVersions(parameter);
            foreach (var part in ExpressionParts.Split(parameter.Expression))
            {
                if (SearchPath.Parse(part, schema) is { } path)
                    AddPath(parameter, presence, path);
                else
                    _expressions.Add(new ExpressionLeaf(parameter, presence, Compile(parameter, part)));
            }
        }

        return new ExtractionPlan(_root, [.. _expressions], [.. patientCompartment.Select(parameter => parameter.Id)])
        {
            Parts = parts,
            Status = status,
        };
    }

    private void AddPath(SearchParameter parameter, ulong presence, SearchPath path)
    {
        foreach (var node in Follow([_root], path))
        {
            if (parameter.Type == SearchParameterType.Composite)
                AddComposite(parameter, presence, node);
            else
                node.Add(parameter.Id, presence, Leaf(parameter, node));
        }
    }

    private ValueExtractor? Leaf(SearchParameter parameter, PlanNode node) =>
        FollowsReferences
            ? ReferenceParameter.Target(node.Type)
            : Leaves.For(
                parameter.Id,
                parameter.FoldsCase,
                parameter.IsPhonetic,
                parameter.Type,
                node.Type,
                node.Definition
            );

    private void AddVersions(SearchParameter parameter) =>
        _root.Add(parameter.Id, 0, UriParameter.OfDefinition(parameter.Id));

    private void AddComposite(SearchParameter parameter, ulong presence, PlanNode node)
    {
        var first = Part(parameter, presence, parameter.Components[0], node);
        var second = Part(parameter, presence, parameter.Components[1], node);
        if (parameter.Components is [var token, _, var end])
        {
            var third = Part(parameter, presence, end, node);
            var ofResource = token.Expression.StartsWith(OfResource, StringComparison.Ordinal);
            node.Add(
                parameter.Id,
                0,
                (value, index) =>
                    CompositeParameter.ExtractInterval(
                        (first, second, third),
                        ofResource ? value.Document.Root : value,
                        value,
                        index
                    )
            );
            return;
        }

        node.Add(
            parameter.Id,
            0,
            (value, index) => CompositeParameter.Extract(parameter.Id, first, second, value, index)
        );
    }

    private PlanNode Part(SearchParameter parameter, ulong presence, SearchComponent component, PlanNode at)
    {
        var expression = component.Expression;
        var isOfResource = expression.StartsWith(OfResource, StringComparison.Ordinal);
        var root = isOfResource ? new PlanNode(type, null) : new PlanNode(at.Type, at.Definition);
        foreach (var part in ExpressionParts.Split(isOfResource ? expression[OfResource.Length..] : expression))
        {
            var path =
                SearchPath.Parse(part, schema)
                ?? throw new InvalidOperationException($"Part '{component.Code}' of {parameter} is no path: {part}.");
            foreach (var node in Follow([root], path))
                node.Add(
                    parameter.Id,
                    presence,
                    Leaves.For(parameter.Id, true, false, component.Type, node.Type, node.Definition)
                );
        }

        return root;
    }

    private List<PlanNode> Follow(List<PlanNode> nodes, SearchPath path)
    {
        foreach (var step in path.Steps)
        {
            nodes = step switch
            {
                ChildStep child => [.. nodes.SelectMany(node => node.Children(child.Name))],
                TypeStep only => nodes.FindAll(node => node.Type.Name == only.Type),
                _ => nodes.ConvertAll(node => node.Where(step, Test(step))),
            };
        }

        // A parameter over an extension means its value.
        return nodes.Exists(node => node.Type.Name == "Extension")
            ? [.. nodes.SelectMany(node => node.Children("value"))]
            : nodes;
    }

    private ValueTest Test(SearchStep step)
    {
        switch (step)
        {
            case ResolvesStep resolves:
                var target = schema[resolves.Type];
                return (value, index) => ReferenceTargets.IsTo(value, target, index);
            case EqualsStep equals:
                var child = System.Text.Encoding.UTF8.GetBytes(equals.Child);
                var wanted = System.Text.Encoding.UTF8.GetBytes(equals.Text);
                return (value, _) => value.TryGetProperty(child, out var found) && found.StringEquals(wanted);
            case HasExtensionStep has:
                var url = System.Text.Encoding.UTF8.GetBytes(has.Url);
                return (value, _) => HasExtension(value, url);
            default:
                throw new InvalidOperationException($"{step} is no test.");
        }
    }

    private static bool HasExtension(JsonValue value, byte[] url)
    {
        if (!value.TryGetProperty("extension"u8, out var extensions))
            return false;
        foreach (var extension in extensions)
        {
            if (extension.TryGetProperty("url"u8, out var found) && found.StringEquals(url))
                return true;
        }

        return false;
    }

    private FhirPathExpression Compile(SearchParameter parameter, string expression) =>
        FhirPathExpression.Compile(expression, schema).TryGet(out var compiled, out var failure)
            ? compiled
            : throw new InvalidOperationException(
                $"The expression of {parameter} cannot be used: {failure.Issues[0].Diagnostics}"
            );
}
