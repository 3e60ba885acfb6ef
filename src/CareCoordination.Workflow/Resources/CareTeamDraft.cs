using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/careteam.html</summary>
public sealed class CareTeamDraft : ResourceDraft
{
    private const string Snomed = "http://snomed.info/sct";
    private const string CareCoordinator = "768820003";
    private const string Nucc = "http://nucc.org/provider-taxonomy";
    private const string CareCoordinatorNucc = "171M00000X";

    public CareTeamDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.CareTeam, snapshot);
        Edit = new CareTeamEditor(CareTeamView.From(Original));
    }

    public CareTeamDraft(string id)
        : base(new(ResourceTypes.CareTeam, id), 0) => Edit = new CareTeamEditor { Id = id };

    public CareTeamEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;

    /// <summary>
    /// The care manager changes on a day: who was it until then keeps the place in the team with an end, so that the team can be read
    /// as it was.
    /// </summary>
    internal void SetCareManager(string member, DateOnly day)
    {
        foreach (
            var participant in Edit.Participant.Where(p =>
                p.Role.Any(IsCareManager) && p.Period.End is null && p.Member.Target() != member
            )
        )
            participant.Period.End = day;
        if (Edit.Participant.Any(p => p.Role.Any(IsCareManager) && p.Period.End is null && p.Member.Target() == member))
            return;
        var role = CodeableConceptEditor.Of(Snomed, CareCoordinator, "Care coordinator");
        role.Coding.Add(new() { System = Nucc, Code = CareCoordinatorNucc });
        Edit.Participant.Add(
            new()
            {
                Role = { role },
                Member = References.To(member),
                Period = { Start = day },
            }
        );
    }

    private static bool IsCareManager(CodeableConceptEditor role) =>
        role.Has(Snomed, CareCoordinator) || role.Coding.Any(c => c.Code == CareCoordinatorNucc);
}

/// <summary>https://hl7.org/fhir/R4/episodeofcare.html</summary>
public sealed class EpisodeOfCareDraft : ResourceDraft
{
    public EpisodeOfCareDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.EpisodeOfCare, snapshot);
        Edit = new EpisodeOfCareEditor(EpisodeOfCareView.From(Original));
    }

    public EpisodeOfCareEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    public string? CareManager
    {
        get => Edit.CareManager.Target();
        internal set => Edit.CareManager = new() { Reference = value };
    }

    public string? Patient => Edit.Patient.Target();

    /// <summary>The Task by which a handover was offered last.</summary>
    public string? Handover => Edit.Extension.With(CareExtensions.Handover)?.ValueReference.Target();

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;
}
