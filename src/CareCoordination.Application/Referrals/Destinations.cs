using System.Collections.Immutable;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Application.Referrals;

/// <summary>What a partner agreed to, as far as a dispatch depends on it.</summary>
/// <param name="Refusal">Why nothing may be sent to the address of its Endpoint; null where it may.</param>
/// <param name="Guarantee">What keeps a message from having its effect twice, and what does not, as a sentence.</param>
public sealed record PartnerTerms(
    ReferralProfile Profile,
    bool NeedsConsent,
    bool NeedsCoverage,
    string? Refusal,
    string Guarantee
);

/// <summary>The terms of all partners, which the configuration has.</summary>
/// <param name="Of">By the id and the address of an Endpoint.</param>
public sealed record PartnerAgreements(Func<string, string?, PartnerTerms> Of);

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

/// <summary>Finds where a referral goes.</summary>
public sealed class Destinations(CareReads reads, PartnerAgreements partners)
{
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
                "Parameters.parameter.where(name = 'endpoint')"
            );
        var terms = partners.Of(found.Key.Id, EndpointView.From(Parse(found)).Address);
        if (terms.Refusal is { } refusal)
            return Failure.Unprocessable(IssueCode.BusinessRule, refusal, "Endpoint.address");
        return new DispatchOrder(found, terms.Profile, to.BaseUrl)
        {
            Performer = to.Performer,
            NeedsConsent = terms.NeedsConsent,
            NeedsCoverage = terms.NeedsCoverage,
            AllowsDuplicate = to.AllowsDuplicate,
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
