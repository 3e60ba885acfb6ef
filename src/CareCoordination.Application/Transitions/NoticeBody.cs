using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>A message or a document about a stay as bytes, whichever operation it was sent to.</summary>
public static class NoticeBody
{
    public static Result<TransitionNotice> Read(ReadOnlyMemory<byte> body, string baseUrl, FhirDefinitions definitions)
    {
        if (!ResourceDocument.Parse(body, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        if (RefusedNotice.BundleIn(document) is not { } bundle)
            return Failure.Invalid(IssueCode.Value, "A message about a stay is a Bundle of type message or document.");
        bundle = definitions.MakeRelative(bundle, baseUrl);
        var issues = definitions.Validate(bundle);
        return issues.Any(i => i.IsError)
            ? Failure.Invalid(issues)
            : NoticeReader.Read(bundle, definitions.Schema.IsResourceType);
    }
}
