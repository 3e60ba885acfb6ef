using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using MediatR;

namespace CareCoordination.Rest.Metadata;

/// <summary>What this server can do. https://hl7.org/fhir/R4/http.html#capabilities</summary>
public sealed record Capabilities(Conditions Conditions, string BaseUrl) : FhirInteraction("capabilities", null, null)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions) =>
        request.Query.First("mode") is null or "full"
            ? new Capabilities(request.Conditions, request.BaseUrl)
            : Failure.Invalid(IssueCode.NotSupported, "mode is full; normative and terminology are not offered.");
}

internal sealed class CapabilitiesHandler(CapabilityStatement statement) : IRequestHandler<Capabilities, FhirResponse>
{
    public Task<FhirResponse> Handle(Capabilities capabilities, CancellationToken cancellationToken)
    {
        var tag = statement.EntityTag;
        var isKnown = capabilities.Conditions.IfNoneMatch?.Contains(tag, StringComparison.Ordinal) ?? false;
        return Task.FromResult(
            new FhirResponse
            {
                Status = isKnown ? 304 : 200,
                EntityTag = tag,
                Content = isKnown ? null : new BytesContent(statement.For(capabilities.BaseUrl)),
            }
        );
    }
}
