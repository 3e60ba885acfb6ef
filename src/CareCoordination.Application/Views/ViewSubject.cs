using System.Collections.Immutable;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Views;

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
        return ByReference(reference!);
    }

    /// <summary>The views of an export, at least one. 400 where there is none, or one is named in two ways.</summary>
    internal static Result<ImmutableArray<(string? Name, ViewSubject View)>> AllOf(OperationInput input)
    {
        var all = ImmutableArray.CreateBuilder<(string? Name, ViewSubject View)>();
        if (input.Key.Id.Length > 0)
            all.Add((null, new ViewSubject { Key = input.Key }));
        foreach (
            var sent in input
                .All("subjectCanonical")
                .Concat(input.All("subjectReference"))
                .Concat(input.All("subjectResource"))
        )
        {
            if (!One(input, sent).TryGet(out var subject, out var failure))
                return failure;
            all.Add((null, subject));
        }

        foreach (var view in input.All("view"))
        {
            var named = view.Part.Where(p => p.Name != "name").ToList();
            if (named is not [var only])
                return Failure.Invalid(
                    IssueCode.Required,
                    "'view' names one view: by one of viewCanonical, viewReference and viewResource.",
                    "Parameters.parameter"
                );
            if (!One(input, only).TryGet(out var subject, out var failure))
                return failure;
            all.Add((view.Text("name"), subject));
        }

        return all.Count > 0
            ? all.ToImmutable()
            : Failure.Invalid(
                IssueCode.Required,
                $"{input.Operation.Code} needs a view: name it by subjectCanonical, subjectReference, subjectResource or view."
            );
    }

    private static Result<ViewSubject> One(OperationInput input, ParametersParameterView sent)
    {
        if (OperationInput.ResourceOf(sent) is { } inline)
            return new ViewSubject { Inline = inline };
        if (sent.Name!.EndsWith("Canonical", StringComparison.Ordinal))
            return new ViewSubject { Canonical = OperationInput.TextOf(sent) };
        return ByReference(input.ReferenceOf(sent)!);
    }

    private static Result<ViewSubject> ByReference(string reference) =>
        LiteralReference.Parse(reference, t => t == ResourceTypes.ViewDefinition)
            is { Kind: ReferenceKind.Relative } literal
            ? new ViewSubject { Key = literal.Key }
            : Failure.NotFound($"'{reference}' is no view of this server: name one as ViewDefinition/id.");

    public override string ToString() => Key?.ToString() ?? Canonical ?? "inline";

    private static int Count(OperationInput input, string prefix) =>
        new[] { "Canonical", "Reference", "Resource" }.Count(form => input.Has(prefix + form));
}
