using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Billing;

/// <summary>
/// The members of a programme, as Groups. A Group is written as a whole for each member that comes or goes, so that it has at most
/// <see cref="MostMembers"/>, and the next part begins: docs/adr/0035.
/// </summary>
public static class ProgramGroups
{
    public const int MostMembers = 500;

    /// <summary>The id of a part, from 1.</summary>
    public static string IdOf(string program, string? organization, int part) =>
        DerivedId.Of(
            organization is not null && organization.Split('/') is [var type, var id]
                ? new ResourceKey(type, id)
                : new ResourceKey(ResourceTypes.Group, ""),
            $"program {program} {part}"
        );

    public static bool IsFull(Snapshot group) =>
        GroupView.From(ResourceDocument.Parse(group.Utf8Json).Value).Member.Count() >= MostMembers;

    internal static ResourceWrite Join(
        Snapshot? group,
        string id,
        EnrollmentRequest request,
        Snapshot patient,
        DateOnly day
    )
    {
        var edit = group is { } known
            ? new GroupEditor(GroupView.From(ResourceDocument.Parse(known.Utf8Json).Value))
            : New(id, request);
        edit.Member.Add(new() { Entity = References.To(patient.Key.ToString()), Period = { Start = day } });
        edit.Quantity = edit.Member.Count;
        return new ResourceWrite(new(ResourceTypes.Group, id), group?.Version ?? 0, edit.ToUtf8Json());
    }

    /// <summary>The membership ends with a day; null where there is none that goes on.</summary>
    internal static ResourceWrite? Leave(Snapshot group, string patient, DateOnly last)
    {
        var edit = new GroupEditor(GroupView.From(ResourceDocument.Parse(group.Utf8Json).Value));
        if (edit.Member.FirstOrDefault(m => m.Entity.Target() == patient && m.Period.End is null) is not { } member)
            return null;
        member.Period.End = last;
        return new ResourceWrite(group.Key, group.Version, edit.ToUtf8Json());
    }

    private static GroupEditor New(string id, EnrollmentRequest request)
    {
        var name = CarePrograms.NameOf(request.Program);
        var group = new GroupEditor
        {
            Id = id,
            Type = GroupTypeCodes.Person,
            Actual = true,
            Active = true,
            Name = name,
            Code = CodeableConceptEditor.Of(CarePrograms.System, request.Program, name),
        };
        if (request.Organization is { } organization)
            group.ManagingEntity = References.To(organization);
        return group;
    }
}
