using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>What a rule knows of the place it is asked at, and where it reports.</summary>
internal sealed class RuleContext(FhirSchema schema, bool allowsLocalReferences, int maxIssues)
{
    private List<(int Node, Issue Issue)>? _issues;
    private int _errors;
    private int _others;
    private ContainedResources? _contained;
    private HashSet<string>? _elementIds;

    public FhirSchema Schema => schema;

    /// <summary>The resource that <c>#id</c> refers into: the innermost that is not contained itself.</summary>
    public JsonValue Container { get; private set; }

    /// <summary>True inside a contained resource.</summary>
    public bool IsContained { get; private set; }

    /// <summary>True where <c>urn:uuid:</c> can be resolved.</summary>
    public bool AllowsUrn { get; private set; } = allowsLocalReferences;

    /// <summary>True where <c>Patient?identifier=...</c> can be resolved.</summary>
    public bool AllowsConditional { get; private set; } = allowsLocalReferences;

    public ContainedResources Contained => _contained ??= new ContainedResources(Container);

    /// <summary>False where another element of the resource has the id.</summary>
    public bool TryAddElementId(string id) => (_elementIds ??= new(StringComparer.Ordinal)).Add(id);

    /// <summary>True where no more errors are reported, so that there is no reason to go on.</summary>
    public bool IsFull => _errors >= maxIssues;

    /// <summary>All that was reported, in document order.</summary>
    public ImmutableArray<Issue> Issues =>
        _issues is null ? [] : [.. _issues.OrderBy(i => i.Node).Select(i => i.Issue)];

    public void Report(
        JsonValue where,
        IssueCode code,
        string diagnostics,
        IssueSeverity severity = IssueSeverity.Error
    ) => Report(where, code, diagnostics, child: null, severity);

    /// <summary>Reports something about <paramref name="child"/>, which <paramref name="where"/> has or should have.</summary>
    public void Report(
        JsonValue where,
        IssueCode code,
        string diagnostics,
        string? child,
        IssueSeverity severity = IssueSeverity.Error
    )
    {
        // Many warnings must not hide an error that comes after them.
        ref var count = ref severity is IssueSeverity.Error or IssueSeverity.Fatal ? ref _errors : ref _others;
        if (count >= maxIssues)
            return;
        count++;
        var expression = IssueExpression.Of(where, schema);
        if (child is not null)
            expression = $"{expression}.{child}";
        (_issues ??= []).Add((where.Index, new Issue(severity, code, diagnostics, expression)));
    }

    /// <summary>Whatever happens inside a resource, within which other references lead somewhere than around it.</summary>
    public void Within(JsonValue resource, TypeDefinition type, Action inside)
    {
        var (container, contained, isContained) = (Container, _contained, IsContained);
        var elementIds = _elementIds;
        _elementIds = null;
        var (urn, conditional) = (AllowsUrn, AllowsConditional);
        IsContained =
            container.Exists
            && resource.Parent is { Kind: System.Text.Json.JsonValueKind.Array }
            && resource.Parent.NameUtf8.SequenceEqual("contained"u8);
        if (!IsContained)
            (Container, _contained) = (resource, null);
        if (type.Name == "Bundle")
            EnterBundle(resource);
        // What an operation is given may refer to resources of a Bundle beside it.
        AllowsUrn |= type.Name == "Parameters";
        inside();
        (Container, _contained, IsContained) = (container, contained, isContained);
        _elementIds = elementIds;
        (AllowsUrn, AllowsConditional) = (urn, conditional);
    }

    private void EnterBundle(JsonValue bundle)
    {
        AllowsUrn = true;
        AllowsConditional |=
            bundle.TryGetProperty("type"u8, out var type)
            && (type.StringEquals("transaction"u8) || type.StringEquals("batch"u8));
    }
}
