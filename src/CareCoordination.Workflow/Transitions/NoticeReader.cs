using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// Reads what a Bundle tells: a message in the shape of Da Vinci's notifications (https://hl7.org/fhir/us/davinci-alerts), or a document
/// that is a discharge or transfer summary (https://hl7.org/fhir/R4/documents.html). The Bundle is valid by R4.
/// </summary>
public static class NoticeReader
{
    private const string Loinc = "http://loinc.org";
    private const string DischargeSummary = "18842-5";
    private const string TransferSummary = "18761-7";

    /// <summary>
    /// Summaries of a stay by whoever writes them: discharge summary, of a physician, an attending physician, a hospital; transfer summary;
    /// and the summary of an episode, as which most systems write what they hand on of a patient.
    /// </summary>
    private static readonly ImmutableArray<string> Summaries =
    [
        DischargeSummary,
        "11490-0",
        "28655-9",
        "34105-7",
        TransferSummary,
        "34133-9",
    ];

    /// <summary>True for a type of document that sums up a stay.</summary>
    internal static bool IsSummary(string? system, string? code) =>
        system == Loinc && code is not null && Summaries.Contains(code);

    /// <summary>True for a message that names an event of a stay, and not one of a referral.</summary>
    public static bool IsNotice(MessageHeaderView header) =>
        TransitionEvents.Find(header.EventCoding.System, header.EventCoding.Code) is not null;

    /// <summary>422 with the element that is missing or does not fit.</summary>
    public static Result<TransitionNotice> Read(ResourceDocument bundle, Func<string, bool> isResourceType)
    {
        var view = BundleView.From(bundle);
        var entries = view
            .Entry.Where(e => e.Resource.Element.Exists)
            .Select(e => new NoticeEntry(e.FullUrl, bundle.Detach(e.Resource.Element.Value)))
            .ToImmutableArray();
        // The rules of Bundle ask what its first entry is, and let it have none.
        if (entries.IsEmpty)
            return Missing("The Bundle has no entries: it tells nothing.", BundleView.At.Entry);
        return view.Type switch
        {
            BundleTypeCodes.Message => OfMessage(bundle, view, entries, isResourceType),
            BundleTypeCodes.Document => OfDocument(bundle, view, entries, isResourceType),
            _ => Failure.Invalid(
                IssueCode.Value,
                "A transition of care is told by a Bundle of type message or document.",
                BundleView.At.Type
            ),
        };
    }

    private static Result<TransitionNotice> OfMessage(
        ResourceDocument bundle,
        BundleView view,
        ImmutableArray<NoticeEntry> entries,
        Func<string, bool> isResourceType
    )
    {
        // The first entry is a MessageHeader: bdl-12.
        var header = MessageHeaderView.From(entries[0].Resource);
        if (TransitionEvents.Find(header.EventCoding.System, header.EventCoding.Code) is not { } told)
            return Missing(
                $"The event is none that is taken in: use a code of {TransitionEvents.AlertSystem} or of {TransitionEvents.System}.",
                "Bundle.entry[0].resource.eventCoding"
            );
        if (header.Id is not { } id)
            return Missing(
                "The MessageHeader needs an id: by it a repetition is known.",
                "Bundle.entry[0].resource.id"
            );
        if (header.Source.Endpoint is not { } source)
            return Missing(
                "The MessageHeader needs the address of the sender.",
                "Bundle.entry[0].resource.source.endpoint"
            );
        if (view.Timestamp is not { Precision: >= DatePrecision.Minute } at)
            return Missing(
                "The message needs the instant at which it was made: by it a correction is known from what it corrects.",
                BundleView.At.Timestamp
            );
        var notice = new TransitionNotice(told, source, id, at.Instant)
        {
            Bundle = bundle,
            BundleId = view.Id,
            Base = BaseOf(source),
            IsMessage = true,
            Code = header.EventCoding.Code,
            Digest = DigestOf(told, entries.AsSpan()[1..]),
        };
        var focus = header.Focus.Select(f => f.Reference).OfType<string>().ToArray();
        return Complete(notice, entries[1..], focus, "Bundle.entry[0].resource.focus", isResourceType);
    }

    private static Result<TransitionNotice> OfDocument(
        ResourceDocument bundle,
        BundleView view,
        ImmutableArray<NoticeEntry> entries,
        Func<string, bool> isResourceType
    )
    {
        // The first entry is a Composition, and the Bundle has an identifier and a timestamp: bdl-9 to bdl-11.
        var composition = CompositionView.From(entries[0].Resource);
        var type = composition.Type.Coding.Where(c => IsSummary(c.System, c.Code)).Select(c => c.Code).FirstOrDefault();
        if (type is null)
            return Missing(
                $"The document is neither a discharge summary nor a transfer summary: Composition.type needs {DischargeSummary} or {TransferSummary} of LOINC.",
                "Bundle.entry[0].resource.type"
            );
        var custodian = entries
            .Where(e => Leads(composition.Custodian.Reference, entries[0].FullUrl, e, isResourceType))
            .Select(e => OrganizationView.From(e.Resource).Identifier.Select(Spell).FirstOrDefault(i => i is not null))
            .FirstOrDefault(i => i is not null);
        var notice = new TransitionNotice(
            TransitionEvent.Discharge,
            custodian ?? view.Identifier.System ?? BaseOf(entries[0].FullUrl) ?? "",
            Spell(view.Identifier) ?? "",
            view.Timestamp!.Value.Instant
        )
        {
            Bundle = bundle,
            BundleId = view.Id,
            Base = BaseOf(entries[0].FullUrl),
            Code = type,
            Digest = DigestOf(TransitionEvent.Discharge, entries.AsSpan()[1..]),
        };
        string[] focus = composition.Encounter.Reference is { } encounter ? [encounter] : [];
        if (!TellsOfStay(entries, focus, isResourceType))
            return WithoutStay(notice, entries, composition, isResourceType);
        var told = Complete(notice, entries[1..], focus, "Bundle.entry[0].resource.encounter", isResourceType);
        // A summary of a stay that goes on corrects what is known of it, and ends nothing.
        return
            told.TryGet(out var complete, out _)
            && EncounterView.From(complete.Encounter!.Resource).Status == EncounterStatusCodes.InProgress
            ? complete with
            {
                Event = TransitionEvent.Update,
            }
            : told;
    }

    /// <summary>An Encounter that goes on, or says when it ended.</summary>
    private static bool TellsOfStay(
        ImmutableArray<NoticeEntry> entries,
        string[] focus,
        Func<string, bool> isResourceType
    )
    {
        var encounters = entries.Where(e => e.Type == ResourceTypes.Encounter).ToArray();
        var encounter =
            encounters.FirstOrDefault(e => focus.Any(f => Leads(f, entries[0].FullUrl, e, isResourceType)))
            ?? (encounters.Length == 1 ? encounters[0] : null);
        return encounter is not null
            && EncounterView.From(encounter.Resource) is var view
            && (view.Status == EncounterStatusCodes.InProgress || view.Period.End is not null);
    }

    /// <summary>What a document says of its patient is taken in, and moves no stay.</summary>
    private static Result<TransitionNotice> WithoutStay(
        TransitionNotice notice,
        ImmutableArray<NoticeEntry> entries,
        CompositionView composition,
        Func<string, bool> isResourceType
    )
    {
        var patients = entries.Where(e => e.Type == ResourceTypes.Patient).ToArray();
        var patient =
            patients.FirstOrDefault(p => Leads(composition.Subject.Reference, entries[0].FullUrl, p, isResourceType))
            ?? (patients.Length == 1 ? patients[0] : null);
        return patient is null
            ? Missing("The Patient of the document has to be among the entries.", "Bundle.entry[0].resource.subject")
            : notice with
            {
                Event = TransitionEvent.Other,
                Patient = patient,
                Others = [.. entries[1..].Where(e => e != patient)],
            };
    }

    /// <summary>With the Encounter that it is about and its patient.</summary>
    private static Result<TransitionNotice> Complete(
        TransitionNotice notice,
        ImmutableArray<NoticeEntry> entries,
        string[] focus,
        string focusAt,
        Func<string, bool> isResourceType
    )
    {
        if (notice.Event == TransitionEvent.Merge)
            return notice with { Others = entries };
        var encounters = entries.Where(e => e.Type == ResourceTypes.Encounter).ToArray();
        var encounter =
            encounters.FirstOrDefault(e => focus.Any(f => Leads(f, entries[0].FullUrl, e, isResourceType)))
            ?? (encounters.Length == 1 ? encounters[0] : null);
        if (encounter is null && notice.Event == TransitionEvent.Other)
            return notice with { Others = entries };
        if (encounter is null)
            return Missing("The Encounter is missing: the stay that is told of has to be among the entries.", focusAt);
        var view = EncounterView.From(encounter.Resource);
        var patients = entries.Where(e => e.Type == ResourceTypes.Patient).ToArray();
        var patient =
            patients.FirstOrDefault(p => Leads(view.Subject.Reference, encounter.FullUrl, p, isResourceType))
            ?? (patients.Length == 1 && view.Subject.Reference is null ? patients[0] : null);
        if (patient is null)
            return Missing("The Patient of the Encounter has to be among the entries.", EncounterView.At.Subject);
        if (
            notice.Event == TransitionEvent.Discharge
            && view.Status != EncounterStatusCodes.InProgress
            && view.Period.End is null
        )
            return Missing("A discharge needs the time at which the stay ended.", "Encounter.period.end");
        return notice with
        {
            Encounter = encounter,
            Patient = patient,
            Others = [.. entries.Where(e => e != encounter && e != patient)],
            Stay = StayOf(notice.Sender, view, patient),
        };
    }

    /// <summary>
    /// The visit number with who gives it, whoever tells of it. Without one the stay is the one of the sender's patient that began then.
    /// </summary>
    private static string StayOf(string sender, EncounterView encounter, NoticeEntry patient)
    {
        if (VisitOf(encounter) is { } visit)
            return visit;
        foreach (var number in encounter.Identifier)
        {
            if (number.Value is { } value)
                return TransitionIds.Of("visit of sender", sender, value);
        }

        var person = PatientView.From(patient.Resource).Identifier.Select(Spell).FirstOrDefault(i => i is not null);
        return TransitionIds.Of(
            "stay",
            sender,
            person ?? patient.Resource.Id,
            encounter.Period.Start?.ToString() ?? encounter.Id
        );
    }

    /// <summary>By its visit number, one of type VN before others; null where none says who gives it.</summary>
    public static string? VisitOf(EncounterView encounter)
    {
        var number = encounter
            .Identifier.Where(i => i is { System: not null, Value: not null })
            .OrderBy(i => i.Type.Coding.Any(c => c.Code == "VN") ? 0 : 1)
            .Select(i => (IdentifierView?)i)
            .FirstOrDefault();
        return number is { } visit ? TransitionIds.Of("visit", visit.System, visit.Value) : null;
    }

    /// <summary>True where a reference leads to an entry. https://hl7.org/fhir/R4/bundle.html#references</summary>
    public static bool Leads(string? reference, string? from, NoticeEntry entry, Func<string, bool> isResourceType)
    {
        if (reference is null)
            return false;
        if (entry.FullUrl is { } url && FullUrl.Of(reference, from, "", isResourceType)?.Url == url)
            return true;
        // Many senders write the id alone, beside full URLs that are no addresses.
        return entry.Resource.Id is { } id
            && reference == $"{entry.Type}/{id}"
            && FullUrl.BaseOf(entry.FullUrl, isResourceType) is null;
    }

    private static string? Spell(IdentifierView identifier) =>
        identifier.Value is { } value ? $"{identifier.System}|{value}" : null;

    /// <summary>The FHIR base of an address: without the operation or the resource that it leads to.</summary>
    private static string? BaseOf(string? address)
    {
        if (address is null || !address.StartsWith("http", StringComparison.Ordinal))
            return null;
        var cut = address.IndexOf("/$", StringComparison.Ordinal);
        return (cut > 0 ? address[..cut] : address).TrimEnd('/');
    }

    private static string DigestOf(TransitionEvent told, ReadOnlySpan<NoticeEntry> entries)
    {
        var parts = new string?[entries.Length + 1];
        parts[0] = told.Word();
        for (var i = 0; i < entries.Length; i++)
        {
            var resource = System.Text.Json.Nodes.JsonNode.Parse(entries[i].Resource.Utf8.Span)!.AsObject();
            resource.Remove("meta");
            parts[i + 1] = resource.ToJsonString();
        }

        return TransitionIds.Of(parts);
    }

    private static Failure Missing(string sentence, string at) =>
        Failure.Unprocessable(IssueCode.Required, sentence, at);
}
