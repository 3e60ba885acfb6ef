using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>Why a client's own condition refuses its write. https://hl7.org/fhir/R4/http.html#concurrency</summary>
public static class LostUpdate
{
    /// <summary>The client's condition with its refusal; none where there is no condition.</summary>
    public static ImmutableArray<Demand> Demands(Precondition? condition) =>
        condition switch
        {
            VersionIs required => [new Demand(required, current => Explain(required, current))],
            NotPresent absent => [new Demand(absent, _ => Explain(absent))],
            _ => [],
        };

    public static FhirResponse Explain(NotPresent absent) =>
        Failure.PreconditionFailed(
            IssueCode.Conflict,
            $"{absent.Key} exists already, and If-None-Match: * asked that it does not."
        );

    public static FhirResponse Explain(VersionIs required, StoredResource? current) =>
        current switch
        {
            null => Failure.PreconditionFailed(
                IssueCode.Conflict,
                $"There is no {required.Key}, so no version of it matches If-Match."
            ),
            { } other => FhirResponse.Of(Refusal(required, other), other),
        };

    public static Failure Refusal(VersionIs required, StoredResource current) =>
        Failure.PreconditionFailed(
            IssueCode.Conflict,
            $"{required.Key} is at version {current.Version}, and If-Match asked for {required.Version}: read it again and repeat your change on that."
        );
}
