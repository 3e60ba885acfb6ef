using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>Why a client's own condition refuses its write. https://hl7.org/fhir/R4/http.html#concurrency</summary>
public static class LostUpdate
{
    public static async Task<FhirResponse> ExplainAsync(
        Precondition failed,
        ResourceStore store,
        CancellationToken cancellationToken
    ) =>
        failed switch
        {
            VersionIs required => Explain(required, await store.ReadAsync(required.Key, cancellationToken)),
            NotPresent absent => Failure.PreconditionFailed(
                IssueCode.Conflict,
                $"{absent.Key} exists already, and If-None-Match: * asked that it does not."
            ),
            _ => FhirResponse.LostRace(),
        };

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
