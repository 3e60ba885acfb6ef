using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Transitions;
using CareCoordination.Exchange.Operators;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Exchange.Messages;

/// <summary>Messages about stays that wait for an operator: refused, or parked.</summary>
/// <param name="Message">One of them; null: all in the state.</param>
/// <param name="WithContent">With what came, which is about a patient.</param>
public sealed record ListMessages(string State, string? Sender, string? Message, bool WithContent)
    : FhirInteraction("$" + Name, null, null)
{
    private const string Name = "transition-messages";

    private static readonly string[] States =
    [
        CodeOf(InboundState.Refused),
        MessageAnswers.Parked,
        CodeOf(InboundState.Replayed),
        CodeOf(InboundState.Discarded),
    ];

    public required int Count { get; init; }

    public long? Before { get; init; }

    public required string Self { get; init; }

    public required string BaseUrl { get; init; }

    public static readonly Operation Operation = new(
        Operation.System,
        Name,
        "Messages about stays that were refused, or that are parked until somebody has looked at them, the newest first; what came is told where it is asked for.",
        Read
    )
    {
        IsOnInstance = false,
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new("state", ["code", "string"], $"One of {string.Join(", ", States)}; refused where it is left out."),
            new(
                "sender",
                ["string"],
                "Only of this sender: the id of its profile, fhir for all messages of FHIR, hl7v2 for senders that are not known; of what is parked the address of the sender."
            ),
            new("message", ["string", "id"], "Only this one, by its id here."),
            new("content", ["boolean"], "True: with what came, which is about a patient."),
            OperatorPage.CountParameter,
            OperatorPage.Cursor,
        ],
    };

    internal static string CodeOf(InboundState state) => state.ToString().ToLowerInvariant();

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var state = input.Text("state") ?? States[0];
        if (!States.Contains(state))
            return Failure.Invalid(
                IssueCode.Value,
                $"Messages are one of {string.Join(", ", States)}.",
                "Parameters.parameter.where(name = 'state')"
            );
        if (!OperatorPage.Read(input).TryGet(out var page, out var failure))
            return failure;
        return new ListMessages(state, input.Text("sender"), input.Text("message"), input.Flag("content") == true)
        {
            Count = page.Count,
            Before = page.Before,
            Self = page.Self,
            BaseUrl = input.BaseUrl,
        };
    }
}

internal sealed class ListMessagesHandler(OutboxStore inbox, CareReads reads, KeptMessages kept)
    : IRequestHandler<ListMessages, FhirResponse>
{
    private static readonly string Query =
        $"code={Uri.EscapeDataString(CareExtensions.CommandSystem)}|{IntakeRecord.Code}&status=on-hold&_sort=-_lastUpdated";

    public async Task<FhirResponse> Handle(ListMessages list, CancellationToken cancellationToken)
    {
        if (list.Message is { } id)
        {
            return (await kept.FindAsync(id, cancellationToken)).TryGet(out var found, out var failure)
                ? MessageAnswers.Of(await ShowAsync(found, list.WithContent, cancellationToken))
                : failure.Coded();
        }

        if (list.State == MessageAnswers.Parked)
            return await ParkedAsync(list, cancellationToken);
        var (shown, before) = (new List<ParametersParameterEditor>(), list.Before);
        do
        {
            // Rows of other senders, of which there are so many at most, are passed over.
            var page = await inbox.SearchInboundAsync(
                Enum.Parse<InboundState>(list.State, ignoreCase: true),
                SourceOf(list.Sender),
                before,
                list.Count - shown.Count,
                cancellationToken
            );
            shown.AddRange(page.Updates.Select(u => MessageAnswers.Of(u, list.WithContent)));
            before = page.Next;
        } while (before is not null && shown.Count < list.Count);

        return OperatorAnswers.Answer(shown, OperatorPage.Next(before, list.Self, list.BaseUrl));
    }

    private static string? SourceOf(string? sender) =>
        sender is null or RefusedMessages.Fhir or RefusedMessages.Hl7v2 ? sender : RefusedMessages.SourceOf(sender);

    private async Task<ParametersParameterEditor> ShowAsync(
        KeptMessage found,
        bool withContent,
        CancellationToken cancellationToken
    ) =>
        found.Record is { } record
            ? MessageAnswers.Of(
                record,
                withContent ? (await kept.BundleAsync(record, cancellationToken))?.Utf8Json : null
            )
            : MessageAnswers.Of(found.Refused!, withContent);

    /// <summary>The newest of them: who wants more searches Tasks, whose pages go on.</summary>
    private async Task<FhirResponse> ParkedAsync(ListMessages list, CancellationToken cancellationToken)
    {
        var shown = new List<ParametersParameterEditor>();
        foreach (var record in await reads.FirstAsync(ResourceTypes.Task, Query, list.Count, cancellationToken))
        {
            if (list.Sender is null || IntakeRecord.From(record).Sender == list.Sender)
                shown.Add(await ShowAsync(new(null, record), list.WithContent, cancellationToken));
        }

        return OperatorAnswers.Answer(shown);
    }
}
