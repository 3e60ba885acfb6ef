using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Operators;

/// <summary>Deliveries and what came in, as Parameters.</summary>
internal static class OperatorAnswers
{
    public static readonly IReadOnlyList<string> States = [.. Enum.GetValues<MessageState>().Select(CodeOf)];

    public static string CodeOf(MessageState state) => state.ToString().ToLowerInvariant();

    public static MessageState? StateOf(string code) =>
        States.Contains(code) ? Enum.Parse<MessageState>(code, ignoreCase: true) : null;

    /// <param name="next">The address of the next page; null on the last.</param>
    public static FhirResponse Of(IEnumerable<OutboxMessage> deliveries, string? next) =>
        Answer(deliveries.Select(Of), next);

    public static FhirResponse Of(IEnumerable<InboundUpdate> updates, string? next) => Answer(updates.Select(Of), next);

    private static ParametersParameterEditor Of(OutboxMessage delivery)
    {
        var parameter = new ParametersParameterEditor
        {
            Name = "delivery",
            Part =
            {
                new() { Name = "id", ValueId = delivery.Id },
                Reference("partner", $"{ResourceTypes.Endpoint}/{delivery.Destination}"),
                Reference("task", delivery.Subject.ToString()),
                Reference("request", delivery.About.ToString()!),
                new() { Name = "kind", ValueCode = delivery.Kind.ToString().ToLowerInvariant() },
                new() { Name = "state", ValueCode = CodeOf(delivery.State) },
                new() { Name = "attempts", ValueInteger = delivery.Attempts },
                new() { Name = "queued", ValueInstant = Instant(delivery.QueuedAt) },
                new() { Name = "changed", ValueInstant = Instant(delivery.ChangedAt) },
            },
        };
        if (delivery.NextAt is { } next)
            parameter.Part.Add(new() { Name = "next", ValueInstant = Instant(next) });
        if (delivery.Problem is { } problem)
            parameter.Part.Add(new() { Name = "problem", ValueString = problem });
        if (delivery.LastStatus is { } status)
            parameter.Part.Add(new() { Name = "status", ValueInteger = status });
        if (OutcomeOf(delivery) is { } outcome)
            parameter.Part.Add(new() { Name = "outcome", Resource = outcome });
        foreach (var happened in MessageLog.Read(delivery.Log))
            parameter.Part.Add(Of(happened));
        return parameter;
    }

    private static ParametersParameterEditor Of(MessageEvent happened)
    {
        var parameter = new ParametersParameterEditor
        {
            Name = "event",
            Part =
            {
                new() { Name = "at", ValueInstant = Instant(happened.At) },
                new() { Name = "state", ValueCode = CodeOf(happened.State) },
            },
        };
        if (happened.Status is { } status)
            parameter.Part.Add(new() { Name = "status", ValueInteger = status });
        if (happened.Problem is { } problem)
            parameter.Part.Add(new() { Name = "problem", ValueString = problem });
        return parameter;
    }

    private static ParametersParameterEditor Of(InboundUpdate update)
    {
        var parameter = new ParametersParameterEditor
        {
            Name = "update",
            Part =
            {
                new() { Name = "id", ValueId = IdOf(update) },
                Reference("partner", $"{ResourceTypes.Endpoint}/{update.Partner}"),
                new() { Name = "copy", ValueString = update.Reference },
                new() { Name = "version", ValueString = update.Version },
                new() { Name = "state", ValueCode = update.State.ToString().ToLowerInvariant() },
                new() { Name = "at", ValueInstant = Instant(update.At) },
            },
        };
        if (update.Task is { } task)
            parameter.Part.Add(Reference("task", task.ToString()));
        if (update.Reason is { } reason)
            parameter.Part.Add(new() { Name = "reason", ValueString = reason });
        if (
            !update.Body.IsEmpty
            && Read(update.Body) is { } document
            && TaskView.From(document) is { Exists: true } body
        )
            parameter.Part.Add(new() { Name = "body", Resource = new TaskEditor(body) });
        return parameter;
    }

    public static string IdOf(InboundUpdate update) =>
        update.Order.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static FhirDateTime Instant(DateTimeOffset time) => time;

    /// <summary>Of the partner, so that it may be anything.</summary>
    private static OperationOutcomeEditor? OutcomeOf(OutboxMessage delivery) =>
        !delivery.Outcome.IsEmpty
        && Read(delivery.Outcome) is { } document
        && OperationOutcomeView.From(document) is { Exists: true } outcome
            ? new OperationOutcomeEditor(outcome)
            : null;

    private static ResourceDocument? Read(ReadOnlyMemory<byte> utf8) =>
        ResourceDocument.Parse(utf8).TryGet(out var document, out _) ? document : null;

    private static ParametersParameterEditor Reference(string name, string reference) =>
        new()
        {
            Name = name,
            ValueReference = new() { Reference = reference },
        };

    /// <summary>How many there are on the page comes first: R4 has no object that is empty, and there may be none.</summary>
    public static FhirResponse Answer(IEnumerable<ParametersParameterEditor> listed, string? next = null)
    {
        ParametersParameterEditor[] page = [.. listed];
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "count", ValueInteger = page.Length },
            },
        };
        foreach (var parameter in page)
            parameters.Parameter.Add(parameter);
        if (next is not null)
            parameters.Parameter.Add(new() { Name = "next", ValueUrl = next });
        return FhirResponse.Of(new BytesContent(parameters.ToUtf8Json()));
    }
}
