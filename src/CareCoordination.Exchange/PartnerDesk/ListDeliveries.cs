using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using MediatR;

namespace CareCoordination.Exchange.PartnerDesk;

/// <summary>How messages to partners stand, newest first.</summary>
/// <param name="Self">The request, without its page, for the links.</param>
public sealed record ListDeliveries(DeliveryQuery Query, string Self, string BaseUrl)
    : FhirInteraction("$deliveries", "Endpoint", Query.Partner)
{
    public static readonly Operation Operation = new(
        "Endpoint",
        "deliveries",
        "Messages to partners and how they stand, the newest first: of one partner, or of all.",
        Read
    )
    {
        IsOnType = true,
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new("partner", ["Reference"], "Only those to this Endpoint."),
            new("state", ["code", "string"], $"Only those that are {string.Join(", ", DeskAnswers.States)}."),
            new("task", ["Reference"], "Only those about this Task."),
            new("request", ["Reference"], "Only those about this ServiceRequest."),
            new("since", Take.Time, "Only those changed at or after this."),
            DeskPage.CountParameter,
            DeskPage.Cursor,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var text = input.Text("state");
        var state = text is null ? null : DeskAnswers.StateOf(text);
        if (text is not null && state is null)
            return Failure.Invalid(
                IssueCode.Value,
                $"A delivery is one of {string.Join(", ", DeskAnswers.States)}.",
                "Parameters.parameter"
            );
        if (!DeskPage.Read(input).TryGet(out var page, out var failure))
            return failure;
        return new ListDeliveries(
            new DeliveryQuery(page.Count)
            {
                Partner = input.Key.Id.Length > 0 ? input.Key.Id : DeskPage.IdOf(input.Reference("partner")),
                State = state,
                Task = DeskPage.IdOf(input.Reference("task")),
                Request = DeskPage.IdOf(input.Reference("request")),
                Since = input.Time("since"),
                Before = page.Before,
            },
            page.Self,
            input.BaseUrl
        );
    }
}

internal sealed class ListDeliveriesHandler(DeliveryStore deliveries) : IRequestHandler<ListDeliveries, FhirResponse>
{
    public async Task<FhirResponse> Handle(ListDeliveries list, CancellationToken cancellationToken)
    {
        var page = await deliveries.SearchAsync(list.Query, cancellationToken);
        return DeskAnswers.Of(page.Deliveries, DeskPage.Next(page.Next, list.Self, list.BaseUrl));
    }
}
