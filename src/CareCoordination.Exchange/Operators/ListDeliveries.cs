using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>How messages to partners stand, newest first.</summary>
/// <param name="Self">The request, without its page, for the links.</param>
public sealed record ListDeliveries(OutboxQuery Query, string Self, string BaseUrl)
    : FhirInteraction("$deliveries", ResourceTypes.Endpoint, Query.Destination)
{
    public CareDate? Since { get; init; }

    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
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
            new("state", ["code", "string"], $"Only those that are {string.Join(", ", OperatorAnswers.States)}."),
            new("task", ["Reference"], "Only those about this Task."),
            new("request", ["Reference"], "Only those about this ServiceRequest."),
            new("since", Take.Time, "Only those changed at or after this."),
            OperatorPage.CountParameter,
            OperatorPage.Cursor,
        ],
    };

    private static ResourceKey? KeyOf(string type, string? reference) =>
        OperatorPage.IdOf(reference) is { } id ? new ResourceKey(type, id) : null;

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var text = input.Text("state");
        var state = text is null ? null : OperatorAnswers.StateOf(text);
        if (text is not null && state is null)
            return Failure.Invalid(
                IssueCode.Value,
                $"A delivery is one of {string.Join(", ", OperatorAnswers.States)}.",
                "Parameters.parameter.where(name = 'state')"
            );
        if (!OperatorPage.Read(input).TryGet(out var page, out var failure))
            return failure;
        return new ListDeliveries(
            new OutboxQuery(page.Count)
            {
                Topic = Outgoing.Topic,
                Destination = input.Key.Id.Length > 0 ? input.Key.Id : OperatorPage.IdOf(input.Reference("partner")),
                State = state,
                Subject = KeyOf(ResourceTypes.Task, input.Reference("task")),
                About = KeyOf(ResourceTypes.ServiceRequest, input.Reference("request")),
                Before = page.Before,
            },
            page.Self,
            input.BaseUrl
        )
        {
            Since = input.Date("since"),
        };
    }
}

internal sealed class ListDeliveriesHandler(OutboxStore deliveries, CarePolicies policies)
    : IRequestHandler<ListDeliveries, FhirResponse>
{
    public async Task<FhirResponse> Handle(ListDeliveries list, CancellationToken cancellationToken)
    {
        var page = await deliveries.SearchAsync(
            list.Query with
            {
                Since = list.Since is { } date ? policies.Default.Calendar.StartOf(date) : null,
            },
            cancellationToken
        );
        return OperatorAnswers.Of(page.Messages, OperatorPage.Next(page.Next, list.Self, list.BaseUrl));
    }
}
