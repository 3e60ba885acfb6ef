using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Reads;

/// <summary>Reads what decisions about referrals have to know.</summary>
public sealed class ReferralReads(CareReads reads, TimeProvider time)
{
    /// <summary>The Tasks that fulfil a request, of any status, the oldest first.</summary>
    public async Task<ImmutableArray<Snapshot>> AttemptsAsync(ResourceKey request, CancellationToken cancellationToken)
    {
        var found = await reads.SearchAsync(ResourceTypes.Task, $"focus={request}&code=fulfill", cancellationToken);
        return
        [
            .. found
                .OrderBy(t => TaskView.From(Parse(t)).AuthoredOn?.Instant)
                .ThenBy(t => t.Key.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The open Tasks that a request or its referrals gave people here.</summary>
    public Task<ImmutableArray<Snapshot>> WorkAsync(ResourceKey request, CancellationToken cancellationToken)
    {
        var codes = string.Join(',', ReferralWork.All.Select(w => w.Code));
        return reads.SearchAsync(
            ResourceTypes.Task,
            $"based-on={request}&code={codes}&status={OpenWork.StatusSearch}",
            cancellationToken
        );
    }

    /// <summary>What <c>$dispatch</c> and <c>$redirect</c> check a request against.</summary>
    public async Task<DispatchReads> AroundAsync(
        Snapshot request,
        DispatchOrder order,
        CancellationToken cancellationToken
    )
    {
        var asked = ServiceRequestView.From(Parse(request));
        var attempts = await AttemptsAsync(request.Key, cancellationToken);
        if (
            asked.Subject.Reference is not { } subject
            || await reads.ReadAsync(subject, cancellationToken) is not { } patient
        )
            return new() { Attempts = attempts };
        return new()
        {
            Patient = patient,
            Names = await NamesAsync(asked, order, patient, cancellationToken),
            Attempts = attempts,
            Consents = await ConsentsAsync(subject, cancellationToken),
            Insurance = await reads.ReadAllAsync(
                asked.Insurance.Select(i => i.Reference).OfType<string>(),
                cancellationToken
            ),
            Others = await SameAsync(asked, subject, request.Key, cancellationToken),
        };
    }

    /// <summary>Of the patient, whoever asks and whoever may be asked.</summary>
    private async Task<ImmutableDictionary<string, string>> NamesAsync(
        ServiceRequestView asked,
        DispatchOrder order,
        Snapshot patient,
        CancellationToken cancellationToken
    )
    {
        string?[] parties =
        [
            asked.Requester.Reference,
            order.Performer,
            EndpointView.From(Parse(order.Endpoint)).ManagingOrganization.Reference,
            .. asked.Performer.Select(p => p.Reference),
        ];
        var found = await reads.ReadAllAsync(parties.OfType<string>().Distinct(), cancellationToken);
        return found
            .Append(patient)
            .DistinctBy(p => p.Key)
            .Select(p => (Reference: p.Key.ToString(), Name: PartyNames.Of(p)))
            .Where(p => p.Name is not null)
            .ToImmutableDictionary(p => p.Reference, p => p.Name!, StringComparer.Ordinal);
    }

    public Task<ImmutableArray<Snapshot>> ConsentsAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(ResourceTypes.Consent, $"patient={Uri.EscapeDataString(patient)}", cancellationToken);

    /// <summary>The referrals of a patient that are under way, those of one request apart.</summary>
    public async Task<ImmutableArray<OpenReferral>> OthersAsync(
        string patient,
        ResourceKey? but,
        CancellationToken cancellationToken
    )
    {
        var tasks = await reads.SearchAsync(
            ResourceTypes.Task,
            $"patient={Uri.EscapeDataString(patient)}&code=fulfill&status={OpenWork.StatusSearch}",
            cancellationToken
        );
        var focused = tasks
            .Select(t => (Task: t, TaskView.From(Parse(t)).Focus.Key))
            .Where(t => t.Key is { Type: ResourceTypes.ServiceRequest } key && key != but)
            .ToArray();
        var requests = (
            await reads.ReadAllAsync(focused.Select(f => f.Key.ToString()!).Distinct(), cancellationToken)
        ).ToDictionary(r => r.Key);
        return
        [
            .. focused
                .Where(f => requests.ContainsKey(f.Key!.Value))
                .Select(f => new OpenReferral(f.Task, requests[f.Key!.Value])),
        ];
    }

    /// <summary>
    /// The referrals under way of a patient that may be for the same as a request: by its codes, or where one of them has none by its
    /// categories. However much else is under way for the patient, it is not read.
    /// </summary>
    private async Task<ImmutableArray<OpenReferral>> SameAsync(
        ServiceRequestView asked,
        string patient,
        ResourceKey request,
        CancellationToken cancellationToken
    )
    {
        var of = $"patient={Uri.EscapeDataString(patient)}&status=active,on-hold,draft";
        var (codes, categories) = (Tokens([asked.Code]), Tokens(asked.Category));
        var same = new List<Snapshot>();
        if (codes.Length > 0)
            same.AddRange(
                await reads.SearchAsync(ResourceTypes.ServiceRequest, $"{of}&code={codes}", cancellationToken)
            );
        if (categories.Length > 0)
            same.AddRange(
                await reads.SearchAsync(
                    ResourceTypes.ServiceRequest,
                    $"{of}&category={categories}{(codes.Length > 0 ? "&code:missing=true" : "")}",
                    cancellationToken
                )
            );
        var found = ImmutableArray.CreateBuilder<OpenReferral>();
        foreach (var some in same.Where(r => r.Key != request).DistinctBy(r => r.Key).Chunk(AtOnce))
        {
            var tasks = await reads.SearchAsync(
                ResourceTypes.Task,
                $"focus={string.Join(',', some.Select(r => r.Key))}&code=fulfill&status={OpenWork.StatusSearch}",
                cancellationToken
            );
            found.AddRange(
                tasks.Select(t => new OpenReferral(t, some.First(r => r.Key == TaskView.From(Parse(t)).Focus.Key)))
            );
        }

        return found.ToImmutable();
    }

    // Values of one search parameter.
    private const int AtOnce = 50;

    /// <summary>The codings as values of a token search, each escaped for FHIR and for the URL.</summary>
    private static string Tokens(IEnumerable<CodeableConceptView> concepts) =>
        string.Join(
            ',',
            concepts
                .SelectMany(c => c.Coding)
                .Where(c => c.Code is not null)
                .Select(c => Uri.EscapeDataString($"{Escaped(c.System ?? "")}|{Escaped(c.Code!)}"))
                .Distinct()
        );

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal);

    /// <summary>What a decision has to know besides, with the one who manages the care of the patient.</summary>
    public async Task<ReferralContext> ContextAsync(
        string? patient,
        Agent by,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var episodes = patient is null
            ? []
            : await reads.SearchAsync(
                ResourceTypes.EpisodeOfCare,
                $"patient={Uri.EscapeDataString(patient)}&status=active",
                cancellationToken
            );
        return new ReferralContext(policy.RulesAt(now), policy.Calendar, by, now, () => FhirId.New(time.GetUtcNow()))
        {
            CareManager = episodes
                .Select(e => EpisodeOfCareView.From(Parse(e)).CareManager.Reference)
                .FirstOrDefault(m => m is not null),
        };
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
