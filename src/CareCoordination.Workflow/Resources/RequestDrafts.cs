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

/// <summary>https://hl7.org/fhir/R4/requestgroup.html</summary>
public sealed class RequestGroupDraft : ResourceDraft
{
    public RequestGroupDraft(Snapshot snapshot)
        : base(snapshot.Key, snapshot.Version)
    {
        Original = Parse(ResourceTypes.RequestGroup, snapshot);
        Edit = new RequestGroupEditor(RequestGroupView.From(Original));
    }

    public RequestGroupEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;
}
