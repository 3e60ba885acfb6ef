using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Resources;

/// <summary>A new Communication. https://hl7.org/fhir/R4/communication.html</summary>
public sealed class CommunicationDraft : ResourceDraft
{
    public CommunicationDraft(string id)
        : base(new(ResourceTypes.Communication, id), 0) => Edit = new CommunicationEditor { Id = id };

    public CommunicationEditor Edit { get; }

    public override string Status
    {
        get => Edit.Status ?? "";
        internal set => Edit.Status = value;
    }

    internal override ResourceEditor Editor => Edit;

    internal override ObjectListEditor<ExtensionEditor> Extensions => Edit.Extension;
}
