using System.Collections.Immutable;
using CareCoordination.Connectors;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Operations;
using CareCoordination.Server.Options;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Server.Referrals;

/// <summary>Reads what decisions about referrals have to know.</summary>
public sealed class ReferralReads(CareReads reads, PartnersOptions partners, TimeProvider time)
{
    private const string Open = "requested,received,accepted,ready,in-progress,on-hold";

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
            $"based-on={request}&code={codes}&status=draft,{Open}",
            cancellationToken
        );
    }

    /// <summary>What <c>$dispatch</c> and <c>$redirect</c> check a request against.</summary>
    public async Task<DispatchReads> AroundAsync(Snapshot request, CancellationToken cancellationToken)
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
            Attempts = attempts,
            Consents = await ConsentsAsync(subject, cancellationToken),
            Insurance = await reads.ReadAllAsync(
                asked.Insurance.Select(i => i.Reference).OfType<string>(),
                cancellationToken
            ),
            Others = await OthersAsync(subject, request.Key, cancellationToken),
        };
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
            $"patient={Uri.EscapeDataString(patient)}&code=fulfill&status=draft,{Open}",
            cancellationToken
        );
        var found = ImmutableArray.CreateBuilder<OpenReferral>();
        foreach (var task in tasks)
        {
            if (
                TaskView.From(Parse(task)).Focus.Key is { Type: ResourceTypes.ServiceRequest } key
                && key != but
                && await reads.ReadAsync(key.ToString(), cancellationToken) is { } request
            )
                found.Add(new OpenReferral(task, request));
        }

        return found.ToImmutable();
    }

    /// <summary>Where a referral goes: the Endpoint that is named, or one of whoever is to do it.</summary>
    public async Task<Result<DispatchOrder>> OrderAsync(
        Snapshot request,
        Destination to,
        CancellationToken cancellationToken
    )
    {
        var performer =
            to.Performer ?? ServiceRequestView.From(Parse(request)).Performer.Select(p => p.Reference).FirstOrDefault();
        var endpoint = to.Endpoint is { } named
            ? await reads.ReadAsync(named, cancellationToken)
            : await EndpointOfAsync(performer, cancellationToken);
        if (endpoint is not { Key.Type: ResourceTypes.Endpoint } found)
            return Failure.Unprocessable(
                IssueCode.NotFound,
                to.Endpoint is null
                    ? "Nobody knows where to send it: name an Endpoint with 'endpoint', or a performer that has an active one."
                    : "The Endpoint that 'endpoint' refers to is not here.",
                "Parameters.parameter"
            );
        var options = partners[found.Key.Id];
        if (
            options.Strategy != ReferralStrategy.DirectLight
            && Uri.TryCreate(EndpointView.From(Parse(found)).Address, UriKind.Absolute, out var address)
            && partners.Guard.Refusal(address) is { } refusal
        )
            return Failure.Unprocessable(IssueCode.BusinessRule, refusal, "Endpoint.address");
        return new DispatchOrder(found, ReferralProfile.Find(options.Profile) ?? ReferralProfile.R4, to.BaseUrl)
        {
            Performer = to.Performer,
            NeedsConsent = options.NeedsConsent,
            NeedsCoverage = options.NeedsCoverage,
            AllowsDuplicate = to.AllowsDuplicate,
        };
    }

    /// <summary>What a decision has to know besides, with the one who manages the care of the patient.</summary>
    public async Task<ReferralContext> DeskAsync(
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

    private async Task<Snapshot?> EndpointOfAsync(string? performer, CancellationToken cancellationToken)
    {
        if (performer is null || await reads.ReadAsync(performer, cancellationToken) is not { } found)
            return null;
        var document = Parse(found);
        IEnumerable<ReferenceView> endpoints = found.Key.Type switch
        {
            ResourceTypes.Organization => OrganizationView.From(document).Endpoint,
            ResourceTypes.PractitionerRole => PractitionerRoleView.From(document).Endpoint,
            ResourceTypes.HealthcareService => HealthcareServiceView.From(document).Endpoint,
            _ => [],
        };
        var candidates = await reads.ReadAllAsync(
            endpoints.Select(e => e.Reference).OfType<string>(),
            cancellationToken
        );
        return candidates
            .Where(e => e.Key.Type == ResourceTypes.Endpoint)
            .OrderBy(e => EndpointView.From(Parse(e)).Status != "active")
            .Select(e => (Snapshot?)e)
            .FirstOrDefault();
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}

/// <summary>Where the caller wants a referral to go.</summary>
/// <param name="Endpoint">A reference; null: the performer's.</param>
/// <param name="Performer">A reference; null: the request's, or whoever manages the Endpoint.</param>
public sealed record Destination(string? Endpoint, string? Performer, bool AllowsDuplicate, string BaseUrl)
{
    internal static readonly ImmutableArray<OperationParameter> Parameters =
    [
        new("endpoint", ["Reference"], "The Endpoint of the partner; where it is left out, that of the performer."),
        new(
            "performer",
            ["Reference"],
            "Who is asked; where it is left out, the performer of the request, or the organisation that manages the Endpoint."
        ),
        new("override", ["boolean"], "True: a second open referral for the same is meant."),
    ];

    internal static Destination Of(OperationInput input) =>
        new(input.Reference("endpoint"), input.Reference("performer"), input.Flag("override") ?? false, input.BaseUrl);
}
