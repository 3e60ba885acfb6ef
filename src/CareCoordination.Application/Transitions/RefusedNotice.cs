using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Application.Transitions;

/// <summary>A message about a stay that cannot be read: it is kept for an operator, and answered with why.</summary>
/// <param name="Operation">As it was asked, with <c>$</c>.</param>
public sealed record RefusedNotice(string Operation, Failure Failure, RefusedMessage Message)
    : FhirInteraction(Operation, null, null)
{
    /// <summary>Null for what tells of no stay, and so is of no use to anybody here.</summary>
    public static RefusedNotice? Of(
        string operation,
        InteractionRequest request,
        Failure failure,
        FhirDefinitions definitions
    ) =>
        RefusedMessages.IsForOperators(failure.Status)
        && ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var document, out _)
        && BundleIn(document) is { } bundle
        && TellsOfStay(bundle)
            ? new RefusedNotice(
                operation,
                failure,
                new(RefusedMessages.Fhir, NameOf(bundle) ?? "", RefusedMessages.ReasonOf(failure.Issues), request.Body)
            )
            : null;

    /// <summary>The Bundle of a request: its body, or the parameter that carries it.</summary>
    public static ResourceDocument? BundleIn(ResourceDocument body)
    {
        if (body.ResourceTypeUtf8.SequenceEqual("Bundle"u8))
            return body;
        if (!body.ResourceTypeUtf8.SequenceEqual("Parameters"u8))
            return null;
        foreach (var parameter in ParametersView.From(body).Parameter)
        {
            if (
                parameter.Element.Value.TryGetProperty("resource"u8, out var resource)
                && resource.Kind == System.Text.Json.JsonValueKind.Object
                && body.Detach(resource) is var carried
                && carried.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
            )
                return carried;
        }

        return null;
    }

    /// <summary>The id of the MessageHeader, or the identifier of the document.</summary>
    public static string? NameOf(ResourceDocument bundle)
    {
        foreach (var entry in BundleView.From(bundle).Entry)
        {
            if (entry.Resource.Element.Type?.Name == ResourceTypes.MessageHeader)
                return bundle.Detach(entry.Resource.Element.Value).Id;
            break;
        }

        return BundleView.From(bundle).Identifier.Value ?? bundle.Id;
    }

    /// <summary>True where a stay is among the entries, or an event of stays is named.</summary>
    private static bool TellsOfStay(ResourceDocument bundle)
    {
        foreach (var entry in BundleView.From(bundle).Entry)
        {
            switch (entry.Resource.Element.Type?.Name)
            {
                case ResourceTypes.Encounter or ResourceTypes.Composition:
                    return true;
                case ResourceTypes.MessageHeader
                    when Workflow.Transitions.NoticeReader.IsNotice(
                        MessageHeaderView.From(bundle.Detach(entry.Resource.Element.Value))
                    ):
                    return true;
            }
        }

        return false;
    }
}

internal sealed class RefusedNoticeHandler(RefusedMessages refused) : IRequestHandler<RefusedNotice, FhirResponse>
{
    public async Task<FhirResponse> Handle(RefusedNotice notice, CancellationToken cancellationToken)
    {
        await refused.KeepAsync(notice.Message, cancellationToken);
        return notice.Failure.Coded();
    }
}
