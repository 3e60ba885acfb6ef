using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Exports;

/// <summary>Makes files of what is stored, as it was at one change of the database. https://hl7.org/fhir/uv/bulkdata/export.html</summary>
/// <param name="Key">The Group; with an empty id where there is none.</param>
public sealed record BulkExport(ResourceKey Key, ExportRequest Request, string BaseUrl)
    : FhirInteraction(
        "$export",
        Key.Type == Operations.Operation.System ? null : Key.Type,
        Key.Id.Length == 0 ? null : Key.Id
    )
{
    public static readonly Operation OfSystem = Declare(
        Operations.Operation.System,
        "Makes files of everything that is stored and may be seen.",
        ExportLevel.System
    );

    public static readonly Operation OfPatients = Declare(
        ResourceTypes.Patient,
        "Makes files of what is stored of patients: the types of their compartment.",
        ExportLevel.Patient
    );

    public static readonly Operation OfGroup = Declare(
        ResourceTypes.Group,
        "Makes files of what is stored of the patients who are members of this Group.",
        ExportLevel.Group
    );

    /// <summary>What of the request is kept in the audit trail.</summary>
    private const int MaxSearchedBy = 4000;

    public override string? SearchedBy
    {
        get
        {
            var at = Request.Url.IndexOf('?', StringComparison.Ordinal);
            return at < 0 ? null : Request.Url[(at + 1)..Math.Min(Request.Url.Length, at + MaxSearchedBy)];
        }
    }

    private static Operation Declare(string type, string what, ExportLevel level) =>
        new(
            type,
            "export",
            what
                + " One resource a line, as it was when the export was asked for, however many writes go on. Send Prefer: respond-async; answered at once with 202 and a Content-Location where the progress, and in the end the list of files, is found.",
            input =>
                ExportParameters
                    .Read(input, level)
                    .Then<FhirInteraction>(request => new BulkExport(input.Key, request, input.BaseUrl))
        )
        {
            AffectsState = false,
            AnswersLater = true,
            IsOnType = level == ExportLevel.Patient,
            IsOnInstance = level == ExportLevel.Group,
            Answer = ResourceTypes.OperationOutcome,
            Parameters = level == ExportLevel.System ? ExportParameters.OfSystem : ExportParameters.OfPatients,
            StandardDefinition = level switch
            {
                ExportLevel.System => Standard + "export",
                ExportLevel.Patient => Standard + "patient-export",
                _ => Standard + "group-export",
            },
        };

    private const string Standard = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/";
}
