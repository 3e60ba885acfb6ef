using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Risk;

/// <summary>What a record, or a message, holds of a patient and one stay, as far as the scores of readmission risk ask.</summary>
/// <param name="Encounter">The stay.</param>
/// <param name="Others">Any resources of the patient: Encounter, Condition, Observation, Procedure. Others are passed over.</param>
public sealed record RiskRecord(Snapshot Encounter, ImmutableArray<Snapshot> Others, TimeZoneInfo Zone)
{
    private const string Loinc = "http://loinc.org";
    private const string ActPriority = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";
    private const string AdmitSource = "http://terminology.hl7.org/CodeSystem/admit-source";

    public const string HaemoglobinCode = "718-7";
    public const string SodiumCode = "2951-2";

    /// <summary>https://terminology.hl7.org/CodeSystem-v3-ActPriority.html: as soon as possible, emergency, rush, at once, urgent.</summary>
    private static readonly ImmutableArray<string> Unplanned = ["A", "EM", "RR", "S", "UR"];

    private static readonly ImmutableArray<string> Planned = ["EL", "R"];

    private static readonly ImmutableArray<string> NotKnown = ["differential", "entered-in-error", "refuted"];

    /// <summary>The inputs, and the resources that they were found in.</summary>
    public (RiskInputs Inputs, ImmutableArray<ResourceKey> Basis) Read(RiskRules rules)
    {
        var document = Parse(Encounter);
        var encounter = EncounterView.From(document);
        var basis = new List<ResourceKey> { Encounter.Key };
        var inputs = new RiskInputs
        {
            Admitted = CareDate.Of(encounter.Period.Start)?.DayIn(Zone),
            Discharged = CareDate.Of(encounter.Period.End)?.LastDayIn(Zone),
            IsUnplanned = IsUnplanned(encounter),
            IsOncology = IsOncology(encounter, rules),
            Diseases = Diseases(basis),
            Haemoglobin = LastOf(HaemoglobinCode, encounter, GramsPerDecilitre, basis),
            Sodium = LastOf(SodiumCode, encounter, MillimolesPerLitre, basis),
            HasProcedure = HasProcedure(basis),
        };
        return Stay.Of(encounter, Zone) is { } index
            ? (Counted(inputs, index, rules, basis), [.. basis.Distinct()])
            : (inputs, [.. basis.Distinct()]);
    }

    private RiskInputs Counted(RiskInputs inputs, Stay index, RiskRules rules, List<ResourceKey> basis)
    {
        var stays = Of(ResourceTypes.Encounter)
            .Select(e => Stay.Of(EncounterView.From(Parse(e)), Zone))
            .OfType<Stay>()
            .ToArray();
        var from =
            index.FirstDay.PlusMonths(-Math.Max(rules.AdmissionMonths, rules.EmergencyMonths)) ?? DateOnly.MinValue;
        basis.AddRange(
            stays
                .Where(s => s.Start < index.Start && s.FirstDay >= from && (s.IsAdmission || s.IsEmergency))
                .Select(s => s.Key)
        );
        return inputs with
        {
            EmergencyVisits = Stays.EmergencyVisitsBefore(index, stays, rules.EmergencyMonths),
            Admissions = Stays.AdmissionsBefore(index, stays, rules.AdmissionMonths),
        };
    }

    /// <summary>By way of the emergency department is unplanned, whatever the priority says.</summary>
    private static bool? IsUnplanned(EncounterView encounter)
    {
        if (encounter.Class.Code == "EMER" || encounter.Hospitalization.AdmitSource.Has(AdmitSource, "emd"))
            return true;
        foreach (var coding in encounter.Priority.Coding)
        {
            if (coding.System is not (ActPriority or null) || coding.Code is not { } code)
                continue;
            if (Unplanned.Contains(code))
                return true;
            if (Planned.Contains(code))
                return false;
        }

        return null;
    }

    private static bool? IsOncology(EncounterView encounter, RiskRules rules) =>
        encounter.ServiceType.Coding.Any()
            ? encounter.ServiceType.Coding.Any(c => rules.OncologyServices.Contains($"{c.System}|{c.Code}"))
            : null;

    private ImmutableHashSet<string>? Diseases(List<ResourceKey> basis)
    {
        var found = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var isAny = false;
        foreach (var snapshot in Of(ResourceTypes.Condition))
        {
            var condition = ConditionView.From(Parse(snapshot));
            if (condition.VerificationStatus.Coding.Any(c => NotKnown.Contains(c.Code ?? "")))
                continue;
            isAny = true;
            var isOver = condition.ClinicalStatus.Coding.Any(c => c.Code is "inactive" or "remission" or "resolved");
            var groups = condition
                .Code.Coding.SelectMany(CharlsonGroups.Of)
                .Where(g => !isOver || g.CountsWhenOver)
                .Select(g => g.Code)
                .ToArray();
            if (groups.Length == 0)
                continue;
            found.UnionWith(groups);
            basis.Add(snapshot.Key);
        }

        return isAny ? found.ToImmutable() : null;
    }

    /// <summary>The last one of the stay; null where there is none, or it is in a unit that is not known.</summary>
    private decimal? LastOf(
        string code,
        EncounterView encounter,
        Func<QuantityView, decimal?> read,
        List<ResourceKey> basis
    )
    {
        var begins = CareDate.Of(encounter.Period.Start)?.StartIn(Zone);
        var ends = CareDate.Of(encounter.Period.End)?.EndIn(Zone);
        // A day is known to be over only when it is.
        var lastDayEnds = ends?.PlusDays(1) ?? ends;
        (DateTimeOffset At, ResourceKey Key, decimal? Value)? last = null;
        foreach (var snapshot in Of(ResourceTypes.Observation))
        {
            var observation = ObservationView.From(Parse(snapshot));
            if (
                observation.Status
                    is not (
                        ObservationStatusCodes.Final
                        or ObservationStatusCodes.Amended
                        or ObservationStatusCodes.Corrected
                    )
                || !observation.Code.Has(Loinc, code)
                || CareDate.Of(observation.EffectiveDateTime ?? observation.EffectiveInstant)?.EndIn(Zone) is not { } at
                || at < begins
                || at > (observation.EffectiveDateTime is { Precision: <= DatePrecision.Day } ? lastDayEnds : ends)
                || at <= last?.At
            )
                continue;
            last = (at, snapshot.Key, read(observation.ValueQuantity));
        }

        if (last is not { Value: { } value } found)
            return null;
        basis.Add(found.Key);
        return value;
    }

    private bool? HasProcedure(List<ResourceKey> basis)
    {
        foreach (var snapshot in Of(ResourceTypes.Procedure))
        {
            var procedure = ProcedureView.From(Parse(snapshot));
            if (
                procedure.Status is not ("completed" or "in-progress")
                || procedure.Encounter.Target() != Encounter.Key.ToString()
                || !procedure.Code.Coding.Any()
            )
                continue;
            basis.Add(snapshot.Key);
            return true;
        }

        return false;
    }

    private IEnumerable<Snapshot> Of(string type) => Others.Where(o => o.Key.Type == type);

    private static decimal? GramsPerDecilitre(QuantityView quantity) =>
        UnitOf(quantity) switch
        {
            "g/dl" => quantity.Value,
            "g/l" => quantity.Value / 10,
            _ => null,
        };

    private static decimal? MillimolesPerLitre(QuantityView quantity) =>
        UnitOf(quantity) switch
        {
            "mmol/l" or "meq/l" => quantity.Value,
            _ => null,
        };

    /// <summary>https://ucum.org/ucum: the case of these says nothing more.</summary>
    private static string? UnitOf(QuantityView quantity) =>
        quantity.Comparator is null ? (quantity.Code ?? quantity.Unit)?.ToLowerInvariant() : null;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
