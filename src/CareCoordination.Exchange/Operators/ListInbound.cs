using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>What partners sent and could not be applied, newest first.</summary>
public sealed record ListInbound(
    string? Partner,
    InboundState State,
    int Count,
    long? Before,
    string Self,
    string BaseUrl
) : FhirInteraction("$inbound", ResourceTypes.Endpoint, Partner)
{
    /// <summary>Of what partners send; messages about stays are told by $transition-messages.</summary>
    private static readonly string[] States =
    [
        .. new[] { InboundState.Applied, InboundState.Echo, InboundState.Stale, InboundState.Unapplied }.Select(CodeOf),
    ];

    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "inbound",
        "What partners sent, the newest first: what could not be applied and waits for somebody to look at it, or what is in another state.",
        Read
    )
    {
        IsOnType = true,
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new("partner", ["Reference"], "Only from this Endpoint."),
            new("state", ["code", "string"], $"One of {string.Join(", ", States)}; unapplied where it is left out."),
            OperatorPage.CountParameter,
            OperatorPage.Cursor,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var state = input.Text("state") ?? CodeOf(InboundState.Unapplied);
        if (!States.Contains(state))
            return Failure.Invalid(
                IssueCode.Value,
                $"What came in is one of {string.Join(", ", States)}.",
                "Parameters.parameter.where(name = 'state')"
            );
        if (!OperatorPage.Read(input).TryGet(out var page, out var failure))
            return failure;
        return new ListInbound(
            input.Key.Id.Length > 0 ? input.Key.Id : OperatorPage.IdOf(input.Reference("partner")),
            Enum.Parse<InboundState>(state, ignoreCase: true),
            page.Count,
            page.Before,
            page.Self,
            input.BaseUrl
        );
    }

    private static string CodeOf(InboundState state) => state.ToString().ToLowerInvariant();
}

internal sealed class ListInboundHandler(OutboxStore deliveries) : IRequestHandler<ListInbound, FhirResponse>
{
    public async Task<FhirResponse> Handle(ListInbound list, CancellationToken cancellationToken)
    {
        var page = await deliveries.SearchInboundAsync(
            list.State,
            list.Partner,
            list.Before,
            list.Count,
            cancellationToken
        );
        return OperatorAnswers.Of(page.Updates, OperatorPage.Next(page.Next, list.Self, list.BaseUrl));
    }
}
