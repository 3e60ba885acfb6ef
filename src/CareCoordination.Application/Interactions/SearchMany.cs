using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Finds resources of several types, one type after the other, of all patients or of the compartment of one.
/// https://hl7.org/fhir/R4/http.html#search, https://hl7.org/fhir/R4/compartmentdefinition.html
/// </summary>
/// <param name="Queries">One for each type, in the order in which they are answered.</param>
/// <param name="Self">The canonical address of the first page, relative to the base.</param>
/// <param name="Start">The type that the page starts in.</param>
public sealed record SearchMany(
    ImmutableArray<SearchQuery> Queries,
    ImmutableArray<Issue> Warnings,
    string BaseUrl,
    string Self,
    int Start
) : FhirInteraction("search-system", null, null)
{
    private const string TypeParameter = "_type";

    public override string? SearchedBy => Self;

    /// <summary>All types, or those of <c>_type</c>.</summary>
    public static Result<FhirInteraction> ParseSystem(InteractionRequest request, FhirDefinitions definitions) =>
        Types(request, definitions, [.. definitions.Schema.Resources.Select(t => t.Name)])
            .Then(types => Parse(request, definitions, types, "", null));

    /// <summary><c>Patient/1/Task</c>, and <c>Patient/1/*</c> for all types of the compartment.</summary>
    public static Result<FhirInteraction> ParseCompartment(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(ResourceTypes.Patient, request.Id).TryGet(out var patient, out var failure))
            return failure;
        ImmutableArray<string> members =
        [
            .. definitions
                .Schema.Resources.Select(t => t.Name)
                .Where(t => !definitions.SearchParameters.PatientCompartment(t).IsEmpty),
        ];
        if (request.Type == "*")
            return Types(request, definitions, members)
                .Then(types => Parse(request, definitions, types, $"{patient}/*", patient));
        return members.Contains(request.Type)
            ? Parse(request, definitions, [request.Type], $"{patient}/{request.Type}", patient)
            : Failure.NotFound(
                $"No {(definitions.Schema.IsResourceType(request.Type) ? request.Type : "such resource")} belongs to the compartment of a Patient; there are {string.Join(", ", members)}, and * for all."
            );
    }

    private static Result<ImmutableArray<string>> Types(
        InteractionRequest request,
        FhirDefinitions definitions,
        ImmutableArray<string> all
    )
    {
        var asked = request
            .Query.Where(p => p.Key == TypeParameter)
            .SelectMany(p => p.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (asked.Find(type => !definitions.Schema.IsResourceType(type)) is not null)
            return Failure.Invalid(
                IssueCode.Value,
                "_type lists resource types of FHIR R4, separated by commas; one of these is none."
            );
        return asked.Count == 0 ? all : [.. all.Where(asked.Contains)];
    }

    private static Result<FhirInteraction> Parse(
        InteractionRequest request,
        FhirDefinitions definitions,
        ImmutableArray<string> types,
        string path,
        ResourceKey? patient
    )
    {
        if (types.Length > 1 && request.Query.First("_sort") is not null)
            return Failure.Invalid(
                IssueCode.NotSupported,
                "A search of several types has no common order: they come one type after the other. Leave _sort out, or search one type."
            );
        var parameters = request.Query.Without("_format", "_pretty", PageToken.Parameter, TypeParameter);
        var queries = ImmutableArray.CreateBuilder<SearchQuery>(types.Length);
        ImmutableArray<Issue> warnings = [];
        foreach (var type in types)
        {
            if (
                !definitions
                    .ParseSearch(type, parameters, request.Preferences.IsLenient, request.BaseUrl)
                    .TryGet(out var parsed, out var failure)
            )
                return failure;
            warnings = [.. warnings.Union(parsed.Warnings)];
            queries.Add(parsed.Query);
        }

        string?[] text =
        [
            types.Length > 0 && queries[0].ToString() is { Length: > 0 } first ? first : null,
            request.Query.First(TypeParameter) is null ? null : $"{TypeParameter}={string.Join(',', types)}",
        ];
        var self = string.Join('&', text.OfType<string>());
        self = self.Length == 0 ? path : $"{path}?{self}";
        if (patient is { } member)
            for (var i = 0; i < queries.Count; i++)
            {
                var within = new CompartmentCriterion(member) { IsOfPatients = queries[i].ResourceType == member.Type };
                queries[i] = queries[i] with { Criteria = queries[i].Criteria.Add(within) };
            }

        var search = new SearchMany(queries.ToImmutable(), warnings, request.BaseUrl, self, 0)
        {
            Links = PageLinks.Of(
                self is "" or ['?', ..] ? request.BaseUrl + self : $"{request.BaseUrl}/{self}",
                request.Query
            ),
        };
        if (request.Query.First(PageToken.Parameter) is not { } token)
            return search;
        return PageToken.Read(token, self).TryGet(out var cursor, out var damaged) ? search.At(cursor) : damaged;
    }

    public required PageLinks Links { get; init; }

    /// <summary>Where the next page starts: in a type, after a match of it or at its beginning.</summary>
    internal string Next(int type, PageCursor? after)
    {
        var sort = $"{Queries[type].ResourceType} {after?.SortValue}";
        var cursor = new PageCursor(
            after is null ? $"{sort}!"
                : after.SortValue is null ? $"{sort}#"
                : $"{sort}$",
            after?.Key ?? 0
        );
        return Links.Next(PageToken.Write(cursor, Self));
    }

    private Result<FhirInteraction> At(PageCursor cursor)
    {
        var text = cursor.SortValue ?? "";
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var start = space < 0 ? -1 : Queries.ToList().FindIndex(q => q.ResourceType == text[..space]);
        if (start < 0)
            return Failure.Invalid(
                IssueCode.Value,
                "The page link is damaged or belongs to another query: start again from the first page."
            );
        PageCursor? after = text[^1] switch
        {
            '!' => null,
            '#' => new PageCursor(null, cursor.Key),
            _ => new PageCursor(text[(space + 1)..^1], cursor.Key),
        };
        return this with { Start = start, Queries = Queries.SetItem(start, Queries[start] with { After = after }) };
    }
}

internal sealed class SearchManyHandler(
    CareSession session,
    ManagerSearch managers,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<SearchMany, FhirResponse>
{
    /// <summary>
    /// Each type is a search of its own, and where little is found a page would be all of them. After this long a page ends with what it
    /// has, and its next link goes on.
    /// </summary>
    private static readonly TimeSpan LongestPage = TimeSpan.FromSeconds(5);

    private static readonly Failure TooManyToCount = Failure.Unprocessable(
        IssueCode.TooCostly,
        "To count what all these types have takes too long: name fewer of them in _type, or leave _total out."
    );

    public async Task<FhirResponse> Handle(SearchMany search, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var entries = new List<BundleEntry>();
        if (!(await TotalAsync(search, start, cancellationToken)).TryGet(out var total, out var failure))
            return failure;
        var (warnings, next, left) = (
            search.Warnings,
            (string?)null,
            search.Queries is [var some, ..] ? some.Count : 0
        );
        for (var i = search.Start; i < search.Queries.Length && left > 0; i++)
        {
            var query = search.Queries[i] with { Count = left, Total = TotalMode.None };
            var own = query.After is null ? definitions.FindBuiltIn(query, search.BaseUrl) : [];
            entries.AddRange(SearchEntries.OfBuiltIn(own, query, search.BaseUrl, definitions));
            var page = await session.Reads.SearchAsync(
                await managers.WidenAsync(query, cancellationToken),
                cancellationToken
            );
            entries.AddRange(SearchEntries.Of(page, query, search.BaseUrl, definitions));
            warnings = [.. warnings.Union(SearchEntries.Missing(page))];
            left -= page.Matches.Length;
            if (page.Next is { } after)
                next = search.Next(i, after);
            else if ((left == 0 || IsOver(start)) && i + 1 < search.Queries.Length)
                next = search.Next(i + 1, null);
            if (next is not null)
                break;
        }

        if (!warnings.IsEmpty)
            entries.Add(BundleEntry.Outcome(warnings));
        return FhirResponse.Of(
            new BundleContent("searchset", time.GetUtcNow(), entries)
            {
                Total = total,
                SelfLink = search.Links.Self,
                FirstLink = search.Links.First,
                NextLink = next,
            }
        );
    }

    private bool IsOver(long start) => time.GetElapsedTime(start) > LongestPage;

    private async Task<Result<long?>> TotalAsync(SearchMany search, long start, CancellationToken cancellationToken)
    {
        if (!search.Queries.Any(q => q.Total != TotalMode.None))
            return (long?)null;
        var total = 0L;
        foreach (var query in search.Queries)
        {
            if (IsOver(start))
                return TooManyToCount;
            var count = query with { Summary = SummaryMode.Count, Count = 0, Total = TotalMode.Accurate, After = null };
            var widened = await managers.WidenAsync(count, cancellationToken);
            total += (await session.Reads.SearchAsync(widened, cancellationToken)).Total ?? 0;
            total += definitions.FindBuiltIn(count, search.BaseUrl).Count;
        }

        return (long?)total;
    }
}
