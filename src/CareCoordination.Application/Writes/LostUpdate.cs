using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>Why a client's own condition refuses its write. https://hl7.org/fhir/R4/http.html#concurrency</summary>
public static class LostUpdate
{
    /// <summary>The client's condition with its refusal; none where there is no condition.</summary>
    public static ImmutableArray<Demand> Demands(ResourceKey key, VersionDemand? required, bool ifAbsent = false)
    {
        if (required is not null)
            return [new Demand(required.Of(key), current => Explain(key, required, current))];
        return ifAbsent ? [new Demand(new NotPresent(key), _ => ExplainAbsent(key))] : [];
    }

    public static FhirResponse ExplainAbsent(ResourceKey key) =>
        Failure.PreconditionFailed(
            IssueCode.Conflict,
            $"{key} exists already, and If-None-Match: * asked that it does not."
        );

    public static FhirResponse Explain(ResourceKey key, VersionDemand required, StoredResource? current) =>
        current switch
        {
            { } other => FhirResponse.Of(Refusal(required, other), other),
            null => Failure.PreconditionFailed(
                IssueCode.Conflict,
                $"There is no {key}, so no version of it matches If-Match."
            ),
        };

    public static Failure Refusal(VersionDemand required, StoredResource current) =>
        Failure.PreconditionFailed(
            IssueCode.Conflict,
            $"{current.Key} is at version {current.Version}{(current.IsDeleted ? ", its deletion," : ",")} and If-Match asked for {required}: read it again and repeat your change on that."
        );
}
