using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// What a patient has said of who may see what: the provisions of an active Consent of privacy. Pure. A provision that denies hides; one
/// that permits, inside of it, leaves seen. What a provision says that this server cannot tell (content by resource, codes, data of a
/// period) makes it speak of more than it says where it denies, and of nothing where it permits. https://hl7.org/fhir/R4/consent.html
/// </summary>
internal sealed class ConsentProjector(BusinessCalendar calendar, FhirSchema schema)
{
    private const string Privacy = "patient-privacy";
    private const string ResourceTypeSystem = "http://hl7.org/fhir/resource-types";

    public ImmutableArray<ProjectedConsent> Of(ResourceDocument document)
    {
        var consent = ConsentView.From(document);
        if (
            consent.Status != "active"
            || consent.Patient.Key is not { Type: ResourceTypes.Patient } patient
            || !consent.Scope.Coding.Any(coding => coding.Code == Privacy)
            || !consent.Provision.Exists
        )
            return [];
        var rules = ImmutableArray.CreateBuilder<ProjectedConsent>();
        Add(rules, patient, consent.Provision, isInsideDenial: false);
        return rules.ToImmutable();
    }

    private void Add(
        ImmutableArray<ProjectedConsent>.Builder rules,
        ResourceKey patient,
        ConsentProvisionView provision,
        bool isInsideDenial
    )
    {
        var isDenial = provision.Type == "deny";
        // A permission at the root says what is so anyway; one inside of a denial is an exception to it.
        if (isDenial || (isInsideDenial && provision.Type == "permit" && IsUnderstood(provision)))
            rules.AddRange(RulesOf(patient, provision, isException: !isDenial));
        foreach (var inner in provision.Provision)
            Add(rules, patient, inner, isDenial || isInsideDenial);
    }

    private IEnumerable<ProjectedConsent> RulesOf(ResourceKey patient, ConsentProvisionView provision, bool isException)
    {
        var start = CareDate.Of(provision.Period.Start) is { } from ? calendar.StartOf(from) : DateTimeOffset.MinValue;
        var end = CareDate.Of(provision.Period.End) is { } until ? calendar.EndOf(until) : DateTimeOffset.MaxValue;
        var labels = provision.SecurityLabel.Aggregate(
            SensitivityLabel.None,
            (all, label) => all | SecurityLabels.Of(label.System, label.Code)
        );
        return from party in PartiesOf(provision)
            from purpose in OrAny(provision.Purpose.Select(code => PurposeNumber.Of(code.Code ?? "")), 0L)
            from type in OrAny(TypesOf(provision), null)
            select new ProjectedConsent(patient, start, end)
            {
                IsException = isException,
                Party = party,
                Purpose = purpose,
                ResourceType = type,
                Labels = (long)labels,
            };
    }

    /// <summary>Somebody elsewhere, or whom nothing names, is nobody who asks here: a denial then speaks of everybody.</summary>
    private static IEnumerable<ResourceKey?> PartiesOf(ConsentProvisionView provision) =>
        OrAny(provision.Actor.Select(actor => actor.Reference.Key).Where(key => key is not null), null);

    private IEnumerable<string?> TypesOf(ConsentProvisionView provision) =>
        provision
            .Class.Where(coding => coding.System == ResourceTypeSystem && coding.Code is not null)
            .Select(coding => coding.Code)
            .Where(code => schema.IsResourceType(code!));

    private static bool IsUnderstood(ConsentProvisionView provision) =>
        !provision.Code.Any()
        && !provision.Data.Any()
        && !provision.DataPeriod.Exists
        && !provision.Action.Any()
        && provision.Actor.All(actor => actor.Reference.Key is not null)
        && provision.Class.All(coding => coding.System == ResourceTypeSystem);

    private static IEnumerable<T> OrAny<T>(IEnumerable<T> given, T any)
    {
        var all = given.ToList();
        return all.Count == 0 ? [any] : all;
    }
}
