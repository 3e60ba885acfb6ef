using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Search criteria that name the one resource an interaction is about. https://hl7.org/fhir/R4/http.html#ccreate
/// </summary>
public static class Criteria
{
    // How a result is presented has no meaning where a search only picks a resource.
    private static readonly string[] Presentation =
    [
        "_summary",
        "_elements",
        "_count",
        "_sort",
        "_total",
        "_include",
        "_revinclude",
    ];

    /// <summary>
    /// The search, which must have a condition: criteria that say nothing would pick any resource. Unknown parameters are
    /// errors here even with <c>handling=lenient</c>, and so are codes that nothing can have, for the same reason.
    /// </summary>
    public static Result<SearchQuery> Parse(
        string type,
        QueryParameters criteria,
        string where,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        foreach (var (name, _) in criteria)
        {
            if (Presentation.Contains(name.Split(':')[0]))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"{where} takes search criteria alone: {name.Split(':')[0]} says how results are shown. Leave it out."
                );
        }

        if (
            !definitions
                .ParseSearch(type, criteria.Without("_format", "_pretty"), isLenient: false, request.BaseUrl)
                .TryGet(out var parsed, out var failure)
        )
            return failure;
        if (!parsed.Warnings.IsEmpty)
            return Failure.Invalid([.. parsed.Warnings.Select(w => w with { Severity = IssueSeverity.Error })]);
        return parsed.Query.Criteria.IsEmpty
            ? Failure.PreconditionFailed(
                IssueCode.Incomplete,
                $"{where} needs search criteria, such as identifier=system|value."
            )
            : parsed.Query;
    }

    public static Failure MultipleMatches(string where) =>
        Failure.PreconditionFailed(
            IssueCode.MultipleMatches,
            $"The criteria of {where} find more than one resource; make them more exact. Nothing was changed."
        );
}
