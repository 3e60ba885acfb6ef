using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>
/// A40: each PID with what follows it says that the patients of its MRG are the one of the PID. Map: Segment MRG to Patient. HL7 v2.8, 3.3.40.
/// </summary>
internal static class MergeMapping
{
    /// <summary>The patients that stay.</summary>
    public static List<string> Add(MappingContext context, string organization)
    {
        var focus = new List<string>();
        foreach (var (pid, merged) in Groups(context))
        {
            if (AddGroup(context, pid, merged, organization) is not { } survivor)
                continue;
            if (focus.Contains(survivor))
                context.Notes.NotMapped(
                    pid.Place,
                    "This patient stays in another part of the message too: only the first is taken."
                );
            else
                focus.Add(survivor);
        }

        return focus;
    }

    private static List<(SegmentView Pid, List<SegmentView> Merged)> Groups(MappingContext context)
    {
        var groups = new List<(SegmentView Pid, List<SegmentView> Merged)>();
        foreach (var view in context.Views)
        {
            if (view.Name == "PID")
                groups.Add((view, []));
            if (view.Name != "MRG")
                continue;
            if (groups.Count == 0)
                context.Notes.Refuse(ErrorCode.SegmentSequence, view.Place, "An MRG stands behind the PID that stays.");
            else
                groups[^1].Merged.Add(view);
        }

        if (groups.Count == 0)
            context.Notes.Refuse(ErrorCode.RequiredFieldMissing, new Hl7Place("PID"), "The message has no patient.");
        foreach (var alone in groups.Where(g => g.Merged.Count == 0))
            context.Notes.Refuse(
                ErrorCode.RequiredFieldMissing,
                new Hl7Place("MRG"),
                "A merge names the patient that is merged away, behind each PID."
            );
        return groups;
    }

    private static string? AddGroup(
        MappingContext context,
        SegmentView pid,
        List<SegmentView> merged,
        string organization
    )
    {
        var replaced = merged.Select(mrg => (Mrg: mrg, Old: OldIdentifiers(context, mrg))).ToList();
        if (replaced.Count == 0 || replaced.Exists(r => r.Old.Count == 0))
            return null;
        var survivor = PatientMapping.Add(
            context,
            pid,
            organization,
            replaced.Select(r => Link(Url(context, r.Old[0]), "replaces"))
        );
        if (survivor is null)
            return null;
        foreach (var (mrg, old) in replaced)
        {
            if (Url(context, old[0]) == survivor)
            {
                context.Notes.Refuse(
                    ErrorCode.DuplicateKeyIdentifier,
                    mrg.Place with
                    {
                        Field = 1,
                    },
                    "A patient is merged into itself."
                );
            }
            else
            {
                AddReplaced(context, mrg, old, survivor);
            }
        }

        return survivor;
    }

    /// <summary>The numbers of the patient that is merged away, MRG-1 and the older MRG-4; none refuse the message.</summary>
    private static List<Identifiers.Known> OldIdentifiers(MappingContext context, SegmentView mrg)
    {
        var old = mrg.All(1)
            .Concat(mrg.All(4))
            .Select(v => Identifiers.Read(context, v, context.Sender.PatientAssigner))
            .OfType<Identifiers.Known>()
            .DistinctBy(k => (k.System, k.Value))
            .ToList();
        if (old.Count > 0)
            return old;
        var place = mrg.Place with { Field = 1 };
        if (mrg[1].HasText)
        {
            context.Notes.Refuse(
                ErrorCode.UnknownKeyIdentifier,
                place with
                {
                    Component = 4,
                },
                "None of the identifiers has an assigner that the profile of the sender knows (assigners, patientAssigner)."
            );
        }
        else
        {
            context.Notes.Refuse(
                ErrorCode.RequiredFieldMissing,
                place,
                "The patient that is merged away has no identifier."
            );
        }

        return old;
    }

    private static void AddReplaced(
        MappingContext context,
        SegmentView mrg,
        List<Identifiers.Known> old,
        string survivor
    ) =>
        context.Add(
            "Patient",
            [old[0].System, old[0].Value],
            ("identifier", FhirJson.Array(old.Select(i => i.Json))),
            ("active", false),
            ("name", FhirJson.Array(mrg.All(7).Select(n => Contacts.Name(context, n)))),
            ("link", FhirJson.Array(Link(survivor, "replaced-by")))
        );

    private static string Url(MappingContext context, Identifiers.Known identifier) =>
        "urn:uuid:" + StableIds.Of(context.Sender.Id, "Patient", identifier.System, identifier.Value);

    private static JsonNode? Link(string other, string type) =>
        FhirJson.Object(("other", FhirJson.Reference(other)), ("type", type));
}
