using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// Two records are of one patient: the one that is replaced is inactive and says by which, the other one has the identifiers of both, and
/// the care that goes on is of it. https://hl7.org/fhir/R4/patient-definitions.html#Patient.link
/// </summary>
public sealed class PatientMerges(CareReads reads, PatientFinder finder, FhirDefinitions definitions)
{
    private const int MostMoved = 2000;

    /// <summary>What is about the care of a patient, and not about its history.</summary>
    private static readonly ImmutableArray<string> Care =
    [
        ResourceTypes.Appointment,
        ResourceTypes.CarePlan,
        ResourceTypes.CareTeam,
        ResourceTypes.Encounter,
        ResourceTypes.EpisodeOfCare,
        ResourceTypes.Goal,
        ResourceTypes.ServiceRequest,
        ResourceTypes.Task,
    ];

    /// <summary>422 where no Patient says which one it replaces; parked where it is not certain who one of them is.</summary>
    public async Task<Result<Decision>> DecideAsync(
        TransitionNotice notice,
        CommandContext command,
        CancellationToken cancellationToken
    )
    {
        var changed = ImmutableArray.CreateBuilder<ResourceWrite>();
        string? survivor = null;
        foreach (var (stays, goes) in Pairs(notice))
        {
            var (kept, replaced) = (
                await finder.FindAsync(stays.Resource, cancellationToken),
                await finder.FindAsync(goes.Resource, cancellationToken)
            );
            if (IsUncertain(kept) || IsUncertain(replaced))
                return TransitionDecision.Park(
                    notice,
                    "It is not certain which Patients are merged: several have one of the identifiers, or their birth dates differ.",
                    command
                );
            var (to, from) = (First(kept), First(replaced));
            survivor = (to ?? from)?.Key.ToString() ?? Create(notice, stays, goes, changed);
            if (to is { } target && from is { } source && target.Key != source.Key)
                await MergeAsync(source, target, changed, cancellationToken);
            else if ((to ?? from) is { } known)
                Complete(known, to is null ? stays : goes, changed);
        }

        return survivor is null
            ? Failure.Unprocessable(
                IssueCode.Required,
                "A merge has a Patient with a link of type replaces to another Patient of the message.",
                "Patient.link"
            )
            : TransitionDecision.Merge(notice, survivor, changed.ToImmutable(), command);
    }

    private IEnumerable<(NoticeEntry Stays, NoticeEntry Goes)> Pairs(TransitionNotice notice)
    {
        var patients = notice.Others.Where(e => e.Type == ResourceTypes.Patient).ToArray();
        foreach (var stays in patients)
        {
            foreach (var link in PatientView.From(stays.Resource).Link)
            {
                var goes = patients.FirstOrDefault(p =>
                    p != stays
                    && NoticeReader.Leads(link.Other.Reference, stays.FullUrl, p, definitions.Schema.IsResourceType)
                );
                if (link.Type == LinkTypeCodes.Replaces && goes is not null)
                    yield return (stays, goes);
            }
        }
    }

    private static bool IsUncertain(ImmutableArray<FoundPatient> found) =>
        found.Length > 1 && found[1].Match.Grade == MatchGrade.Certain
        || found.Length > 0 && found[0].Match is { Grade: not MatchGrade.Certain, Score: 0.5m };

    private static Snapshot? First(ImmutableArray<FoundPatient> found) =>
        found is [{ Match.Grade: MatchGrade.Certain } sure, ..] ? sure.Patient : null;

    /// <summary>Nobody knows either of them: what is told of one by either number comes to one record.</summary>
    private static string Create(
        TransitionNotice notice,
        NoticeEntry stays,
        NoticeEntry goes,
        ImmutableArray<ResourceWrite>.Builder changed
    )
    {
        var created = TransitionIntake.NewPatient(notice, stays);
        var editor = new PatientEditor(PatientView.From(ResourceDocument.Parse(created.Utf8Json).Value));
        AddIdentifiers(editor, PatientView.From(goes.Resource));
        changed.Add(created with { Utf8Json = editor.ToUtf8Json() });
        return created.Key.ToString();
    }

    private static void Complete(Snapshot known, NoticeEntry other, ImmutableArray<ResourceWrite>.Builder changed)
    {
        var editor = new PatientEditor(View(known));
        if (AddIdentifiers(editor, PatientView.From(other.Resource)))
            changed.Add(new(known.Key, known.Version, editor.ToUtf8Json()));
    }

    private async Task MergeAsync(
        Snapshot source,
        Snapshot target,
        ImmutableArray<ResourceWrite>.Builder changed,
        CancellationToken cancellationToken
    )
    {
        var replaced = new PatientEditor(View(source)) { Active = false };
        replaced.Link.Add(new() { Type = LinkTypeCodes.ReplacedBy, Other = { Reference = target.Key.ToString() } });
        changed.Add(new(source.Key, source.Version, replaced.ToUtf8Json()));
        var kept = new PatientEditor(View(target));
        kept.Link.Add(new() { Type = LinkTypeCodes.Replaces, Other = { Reference = source.Key.ToString() } });
        AddIdentifiers(kept, View(source));
        changed.Add(new(target.Key, target.Version, kept.ToUtf8Json()));
        foreach (var type in Care)
        {
            foreach (
                var resource in await reads.FirstAsync(
                    type,
                    $"patient={Uri.EscapeDataString(source.Key.ToString())}",
                    MostMoved,
                    cancellationToken
                )
            )
            {
                var moved = ReferenceRewriter.Rewrite(
                    ResourceDocument.Parse(resource.Utf8Json).Value,
                    definitions.Schema,
                    value => value.GetString() == source.Key.ToString() ? target.Key.ToString() : null
                );
                changed.Add(new(resource.Key, resource.Version, moved.Utf8));
            }
        }
    }

    /// <summary>As old ones: the record has had them.</summary>
    private static bool AddIdentifiers(PatientEditor editor, PatientView other)
    {
        var isChanged = false;
        foreach (var identifier in other.Identifier)
        {
            if (
                identifier.Value is null
                || editor.Identifier.Any(i => i.System == identifier.System && i.Value == identifier.Value)
            )
                continue;
            editor.Identifier.Add(new IdentifierEditor(identifier) { Use = "old" });
            isChanged = true;
        }

        return isChanged;
    }

    private static PatientView View(Snapshot patient) =>
        PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value);
}
