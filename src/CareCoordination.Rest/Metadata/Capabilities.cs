using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using MediatR;

namespace CareCoordination.Rest.Metadata;

/// <summary>What this server can do. https://hl7.org/fhir/R4/http.html#capabilities</summary>
public sealed record Capabilities(Conditions Conditions, Projection Projection, string BaseUrl)
    : FhirInteraction("capabilities", null, null)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions) =>
        request.Query.First("mode") is null or "full"
            ? Projection.Parse(request.Query).TryGet(out var projection, out var failure)
                ? new Capabilities(request.Conditions, projection, request.BaseUrl)
                : failure
            : Failure.Invalid(IssueCode.NotSupported, "mode is full; normative and terminology are not offered.");
}

internal sealed class CapabilitiesHandler(CapabilityStatement statement, FhirDefinitions definitions)
    : IRequestHandler<Capabilities, FhirResponse>
{
    public Task<FhirResponse> Handle(Capabilities capabilities, CancellationToken cancellationToken)
    {
        var now = statement.Now();
        var tag = now.EntityTag;
        var isKnown = capabilities.Conditions.IfNoneMatch?.Contains(tag, StringComparison.Ordinal) ?? false;
        return Task.FromResult(
            new FhirResponse
            {
                Status = isKnown ? 304 : 200,
                EntityTag = tag,
                Content = isKnown
                    ? null
                    : new BytesContent(capabilities.Projection.Apply(now.For(capabilities.BaseUrl), definitions)),
            }
        );
    }
}
