using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Resources;

/// <summary>https://hl7.org/fhir/R4/servicerequest.html</summary>
public sealed class ServiceRequestDraft : ResourceDraft
{
    public ServiceRequestDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.ServiceRequest, snapshot);
        Edit = new ServiceRequestEditor(ServiceRequestView.From(Original));
    }

    public ServiceRequestEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    public bool IsOpen => Status is RequestStatusCodes.Draft or RequestStatusCodes.Active or RequestStatusCodes.OnHold;

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;
}

/// <summary>
/// A request that begins, rests and ends with its plan and that no Task of a partner fulfils: a group, a message to be sent, a device, a
/// diet. Their statuses are those of https://hl7.org/fhir/R4/valueset-request-status.html. What somebody prescribes or books besides
/// the plan (MedicationRequest, VisionPrescription, Appointment) is theirs to begin.
/// </summary>
public sealed class FollowingRequestDraft : ResourceDraft
{
    internal static readonly string[] Types =
    [
        ResourceTypes.RequestGroup,
        ResourceTypes.CommunicationRequest,
        ResourceTypes.DeviceRequest,
        ResourceTypes.NutritionOrder,
    ];

    private readonly FollowingRequestEditor _edit;

    public FollowingRequestDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(snapshot.Key.Type, snapshot);
        _edit = new FollowingRequestEditor(Original);
    }

    public override string Status
    {
        get => _edit.Status ?? "";
        internal set => _edit.Status = value;
    }

    public bool IsOpen => Status is RequestStatusCodes.Draft or RequestStatusCodes.Active or RequestStatusCodes.OnHold;

    internal override ResourceEditor Editor => _edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => _edit.Extension;

    internal ObjectListEditor<ReferenceEditor> BasedOn => _edit.BasedOn;

    /// <summary>The elements that all of the types have.</summary>
    private sealed class FollowingRequestEditor(ResourceDocument original) : ResourceEditor(original)
    {
        public string? Status
        {
            get => ReadText("status");
            set => Write("status", value);
        }

        public ObjectListEditor<ExtensionEditor> Extension => OpenList<ExtensionEditor>("extension");

        public ObjectListEditor<ReferenceEditor> BasedOn => OpenList<ReferenceEditor>("basedOn");
    }
}
