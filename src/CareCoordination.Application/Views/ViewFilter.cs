using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Views;

/// <summary>
/// Which resources give rows, of those that are stored. https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations-common.html#filtering
/// </summary>
/// <param name="Since">Changed after this.</param>
public sealed record ViewFilter(
    ImmutableArray<ResourceKey> Patients,
    ImmutableArray<ResourceKey> Groups,
    DateTimeOffset? Since
)
{
    public static readonly ViewFilter None = new([], [], null);

    public bool IsEmpty => Patients.IsEmpty && Groups.IsEmpty && Since is null;

    internal static Result<ViewFilter> Of(OperationInput input)
    {
        if (!Keys(input, "patient", ResourceTypes.Patient).TryGet(out var patients, out var failure))
            return failure;
        if (!Keys(input, "group", ResourceTypes.Group).TryGet(out var groups, out failure))
            return failure;
        var since = input.All("_since").Select(OperationInput.TimeOf).FirstOrDefault();
        if (since is { Offset: null })
            return Failure.Invalid(
                IssueCode.Value,
                "'_since' is an instant with its zone, as 2026-11-30T10:00:00Z.",
                "Parameters.parameter"
            );
        return new ViewFilter(patients, groups, since?.Instant);
    }

    public override string ToString() =>
        string.Join(
            '&',
            [
                .. Patients.Select(p => $"patient={p}"),
                .. Groups.Select(g => $"group={g}"),
                .. Since is { } since
                    ? [string.Create(CultureInfo.InvariantCulture, $"_since={since:O}")]
                    : Array.Empty<string>(),
            ]
        );

    private static Result<ImmutableArray<ResourceKey>> Keys(OperationInput input, string name, string type)
    {
        var keys = ImmutableArray.CreateBuilder<ResourceKey>();
        foreach (var sent in input.All(name))
        {
            var reference = input.ReferenceOf(sent) ?? "";
            if (LiteralReference.Parse(reference, t => t == type) is not { Kind: ReferenceKind.Relative } literal)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{name}' is a reference to a {type} of this server: {type}/id.",
                    "Parameters.parameter"
                );
            keys.Add(literal.Key);
        }

        return keys.ToImmutable();
    }
}
