using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Analytics;

/// <summary>The view that is to be run, as a request names it: one of these.</summary>
public sealed record ViewSubject
{
    public ResourceKey? Key { get; private init; }

    /// <summary>With or without a version.</summary>
    public string? Canonical { get; private init; }

    /// <summary>The view itself.</summary>
    public ResourceDocument? Inline { get; private init; }

    /// <summary>400 where it is not named once; 404 where the reference leads to no view.</summary>
    internal static Result<ViewSubject> Of(OperationInput input)
    {
        var canonical = input.Text("subjectCanonical") ?? input.Text("viewCanonical");
        var reference = input.Reference("subjectReference") ?? input.Reference("viewReference");
        var inline = InlineViews.Of(input);
        var named = Count(input, "subject") + Count(input, "view");
        if (input.Key.Id.Length > 0)
            return named == 0
                ? new ViewSubject { Key = input.Key }
                : Failure.Invalid(
                    IssueCode.Invalid,
                    $"The view is the one of the address, {input.Key}: leave the parameters out that name one."
                );
        if (named != 1)
            return Failure.Invalid(
                IssueCode.Required,
                $"{input.Operation.Code} runs one view: name it by one of subjectCanonical, subjectReference and subjectResource."
            );
        if (canonical is not null)
            return new ViewSubject { Canonical = canonical };
        if (inline is not null)
            return new ViewSubject { Inline = inline };
        return
            LiteralReference.Parse(reference!, t => t == ResourceTypes.ViewDefinition)
                is { Kind: ReferenceKind.Relative } literal
            ? new ViewSubject { Key = literal.Key }
            : Failure.NotFound($"'{reference}' is no view of this server: name one as ViewDefinition/id.");
    }

    public override string ToString() => Key?.ToString() ?? Canonical ?? "inline";

    private static int Count(OperationInput input, string prefix) =>
        new[] { "Canonical", "Reference", "Resource" }.Count(form => input.Has(prefix + form));
}
