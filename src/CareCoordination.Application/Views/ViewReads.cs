using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Views.Plans;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Application.Views;

/// <summary>Finds views, and the questions that their resources are found by.</summary>
public sealed class ViewReads(CareSession session, FhirDefinitions definitions)
{
    /// <summary>Resources that are in memory at once.</summary>
    private const int PageSize = 250;

    /// <summary>The view, compiled. 404 where there is none, 422 where it cannot be run.</summary>
    public async ValueTask<Result<ViewPlan>> FindAsync(
        ViewSubject subject,
        string baseUrl,
        CancellationToken cancellationToken
    ) =>
        (await ViewAsync(subject, baseUrl, cancellationToken)).TryGet(out var view, out var failure)
            ? view.Plan
            : failure;

    /// <summary>As <see cref="FindAsync"/>, with its JSON.</summary>
    internal async ValueTask<Result<ShippedView>> ViewAsync(
        ViewSubject subject,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        if (subject.Inline is { } inline)
            return Compile(inline);
        if (subject.Canonical is { } canonical)
            return ShippedViews.Find(canonical) is { } shipped
                ? shipped
                : await FindByCanonicalAsync(canonical, baseUrl, cancellationToken);
        var key = subject.Key!.Value;
        if (ShippedViews.All.FirstOrDefault(v => v.Definition.Id == key.Id) is { } own)
            return own;
        return await session.Reads.ReadAsync(key, cancellationToken) switch
        {
            null => Failure.NotFound($"There is no {key}."),
            { IsDeleted: true } => Failure.Gone($"{key} was deleted."),
            { } stored => Compile(ResourceDocument.Parse(stored.Utf8Json).Value),
        };
    }

    /// <summary>
    /// One query for each type of filter and patient: what is asked of many patients is asked of one after the other, so that each
    /// resource is found by the record that it is in. 400 where a patient or a group is not here.
    /// </summary>
    public async ValueTask<Result<ImmutableArray<SearchQuery>>> QueriesAsync(
        ViewPlan plan,
        ViewFilter filter,
        CancellationToken cancellationToken
    )
    {
        var type = plan.Type.Name;
        var text = filter.Since is { } since ? $"_lastUpdated=gt{since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}" : "";
        if (
            !definitions
                .ParseSearch(type, QueryParameters.Parse(text), isLenient: false, "")
                .TryGet(out var parsed, out var failure)
        )
            return failure;
        var all = parsed.Query with { Count = PageSize };
        if (filter.Patients.IsEmpty && filter.Groups.IsEmpty)
            return ImmutableArray.Create(all);
        if (type != ResourceTypes.Patient && definitions.SearchParameters.PatientCompartment(type).IsEmpty)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"{type} is in no patient's record: leave patient and group out."
            );
        if (!(await MembersAsync(filter, cancellationToken)).TryGet(out var patients, out failure))
            return failure;
        return patients
            .Select(patient =>
                all with
                {
                    Criteria = all.Criteria.Add(
                        new CompartmentCriterion(patient) { IsOfPatients = type == ResourceTypes.Patient }
                    ),
                }
            )
            .ToImmutableArray();
    }

    /// <summary>The patients, and the members of the groups, each once.</summary>
    internal async ValueTask<Result<ImmutableArray<ResourceKey>>> MembersAsync(
        ViewFilter filter,
        CancellationToken cancellationToken
    )
    {
        var patients = new List<ResourceKey>();
        foreach (var patient in filter.Patients)
        {
            if (await session.Reads.ReadAsync(patient, cancellationToken) is not { IsDeleted: false })
                return NotHere("patient", patient);
            patients.Add(patient);
        }

        foreach (var key in filter.Groups)
        {
            if (await session.Reads.ReadAsync(key, cancellationToken) is not { IsDeleted: false } stored)
                return NotHere("group", key);
            var group = GroupView.From(ResourceDocument.Parse(stored.Utf8Json).Value);
            foreach (var member in group.Member)
            {
                if (
                    member.Inactive is not true
                    && member.Entity.Reference is { } reference
                    && LiteralReference.Parse(reference, t => t == ResourceTypes.Patient)
                        is { Kind: ReferenceKind.Relative } literal
                )
                    patients.Add(literal.Key);
            }
        }

        return patients.Distinct().ToImmutableArray();
    }

    private static Failure NotHere(string name, ResourceKey key) =>
        Failure.Invalid(IssueCode.NotFound, $"'{name}' names {key}, which is not here.", "Parameters.parameter");

    private async ValueTask<Result<ShippedView>> FindByCanonicalAsync(
        string canonical,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        var text =
            bar < 0
                ? $"url={Uri.EscapeDataString(canonical)}"
                : $"url={Uri.EscapeDataString(canonical[..bar])}&version={Uri.EscapeDataString(canonical[(bar + 1)..])}";
        var query = definitions.ParseSearch(
            ResourceTypes.ViewDefinition,
            QueryParameters.Parse($"{text}&_sort=-_lastUpdated"),
            isLenient: false,
            baseUrl
        );
        if (!query.TryGet(out var parsed, out var failure))
            return failure;
        var page = await session.Reads.SearchAsync(parsed.Query, cancellationToken);
        // Of several versions the one that is in use counts, and of those the latest.
        var found = page.Matches.Select(m => ResourceDocument.Parse(m.Utf8Json).Value).ToList();
        var chosen = found.Find(v => v.Root.TryGetProperty("status"u8, out var s) && s.StringEquals("active"u8));
        return (chosen ?? found.FirstOrDefault()) is { } view
            ? Compile(view)
            : Failure.NotFound($"There is no view with the canonical '{canonical}'.");
    }

    private Result<ShippedView> Compile(ResourceDocument view) =>
        ViewPlan.Compile(view, definitions.Schema).TryGet(out var plan, out var failure)
            ? new ShippedView(view.Utf8, plan)
            : failure with
            {
                Status = 422,
            };
}
