using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Billing;

/// <summary>
/// The ChargeItems of a patient's month: one for each code, <c>planned</c> while the record speaks for it and <c>aborted</c> when it does not
/// any more. What a biller has taken up (billable, billed, not billable) is theirs, and stays as it is.
/// https://hl7.org/fhir/R4/chargeitem.html
/// </summary>
public static class ChargeDrafts
{
    /// <summary>https://terminology.hl7.org/CodeSystem-CPT.html</summary>
    public const string Cpt = "http://www.ama-assn.org/go/cpt";

    /// <summary>https://terminology.hl7.org/NamingSystem-HCPCS.html</summary>
    public const string Hcpcs = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";

    private const string Patient = ResourceTypes.Patient + "/";

    /// <summary>The one there is for a patient, a month and a code, whoever drafts it and how often.</summary>
    public static ResourceKey KeyOf(string patient, BillingMonth month, string code) =>
        new(
            ResourceTypes.ChargeItem,
            DerivedId.Of(
                new ResourceKey(ResourceTypes.Patient, patient[Patient.Length..]),
                $"charge {month.Name} {code}"
            )
        );

    /// <summary>What is to be written so that the drafts say what the month says; nothing where they do.</summary>
    /// <param name="stored">The charges of the patient, by their keys.</param>
    public static ImmutableArray<ResourceWrite> Of(
        PatientMonth month,
        IReadOnlyDictionary<ResourceKey, Snapshot> stored,
        DateTimeOffset now
    )
    {
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        var ready = new HashSet<ResourceKey>();
        foreach (var program in month.Programs)
        foreach (var lines in program.Lines.GroupBy(l => l.Ready.Code.Code))
        {
            var key = KeyOf(month.Patient, month.Month, lines.Key);
            ready.Add(key);
            var before = stored.TryGetValue(key, out var found) ? found : default(Snapshot?);
            if (Draft(before, key, month, program, [.. lines], now) is { } write)
                writes.Add(write);
        }

        foreach (var (key, before) in stored)
        {
            if (!ready.Contains(key) && IsDraftOf(before, key, month) && Withdraw(before) is { } write)
                writes.Add(write);
        }

        return writes.ToImmutable();
    }

    public static string SystemOf(string code) => code.Length > 0 && char.IsAsciiLetter(code[0]) ? Hcpcs : Cpt;

    private static ResourceWrite? Draft(
        Snapshot? before,
        ResourceKey key,
        PatientMonth month,
        ProgramMonth program,
        ImmutableArray<BillingLine> lines,
        DateTimeOffset now
    )
    {
        var view = before is { } snapshot ? ChargeItemView.From(Parse(snapshot)) : default;
        if (before is not null && view.Status is not (ChargeitemStatusCodes.Planned or ChargeitemStatusCodes.Aborted))
            return null;
        var edit = before is null
            ? new ChargeItemEditor { Id = key.Id, EnteredDate = now }
            : new ChargeItemEditor(view);
        var code = lines[0].Ready.Code;
        edit.Status = ChargeitemStatusCodes.Planned;
        edit.Code = CodeableConceptEditor.Of(SystemOf(code.Code), code.Code);
        edit.Code.Text = code.Words;
        edit.Subject = References.To(month.Patient);
        edit.Context = References.To(program.Episode.Reference);
        edit.OccurrencePeriod = new() { Start = lines.Min(l => l.Service.First), End = lines.Max(l => l.Service.Last) };
        edit.Quantity = new() { Value = lines.Sum(l => l.Ready.Units) };
        if (program.Episode.Organization is { } organization)
            edit.PerformingOrganization = References.To(organization);
        edit.Performer.Clear();
        foreach (var performer in lines.SelectMany(l => l.Performers).Where(IsPerson).Distinct())
            edit.Performer.Add(new() { Actor = References.To(performer) });
        edit.SupportingInformation.Clear();
        foreach (var evidence in lines.SelectMany(l => l.Evidence).Distinct(StringComparer.Ordinal))
            edit.SupportingInformation.Add(References.To(evidence));
        return Write(before, key, edit);
    }

    private static bool IsPerson(string reference) =>
        reference.Split('/')[0]
            is ResourceTypes.Practitioner
                or ResourceTypes.PractitionerRole
                or ResourceTypes.CareTeam
                or ResourceTypes.Organization;

    /// <summary>The draft of a code of this month that was made here.</summary>
    private static bool IsDraftOf(Snapshot charge, ResourceKey key, PatientMonth month)
    {
        var view = ChargeItemView.From(Parse(charge));
        return view.Status == ChargeitemStatusCodes.Planned
            && view.Code.Coding.Any(c => c.Code is { } code && KeyOf(month.Patient, month.Month, code) == key);
    }

    private static ResourceWrite? Withdraw(Snapshot before)
    {
        var edit = new ChargeItemEditor(ChargeItemView.From(Parse(before))) { Status = ChargeitemStatusCodes.Aborted };
        return Write(before, before.Key, edit);
    }

    /// <summary>Null where it says so already.</summary>
    private static ResourceWrite? Write(Snapshot? before, ResourceKey key, ChargeItemEditor edit)
    {
        var written = edit.ToUtf8Json();
        if (before is { } snapshot)
        {
            var same = new ResourceEditor(Parse(snapshot)).ToUtf8Json();
            if (written.AsSpan().SequenceEqual(same))
                return null;
        }

        return new ResourceWrite(key, before?.Version ?? 0, written);
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
