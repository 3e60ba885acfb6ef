using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>What a partner sent is tried once more, after the cause of its refusal was corrected.</summary>
public sealed record ReapplyInbound(CommandCall Call, string Update) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "reapply",
        "Tries once more to apply what the partner sent, after somebody has corrected what stood in its way. Answers what became of it.",
        input => input.Command(call => new ReapplyInbound(call, input.Text("update")!))
    )
    {
        Answer = "Parameters",
        Parameters =
        [
            new("update", ["id", "string"], "What came in, by its id in $inbound.") { IsRequired = true },
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class ReapplyInboundHandler(
    OutboxStore deliveries,
    PartnerDirectory directory,
    InboundApplication inbound,
    OperatorCommands operators
) : IRequestHandler<ReapplyInbound, FhirResponse>
{
    public async Task<FhirResponse> Handle(ReapplyInbound command, CancellationToken cancellationToken)
    {
        var key = command.Call.Key;
        var asked = await operators.AcceptAsync(command.Call, cancellationToken);
        if (asked.Refusal is { } refusal)
            return refusal;
        var entry = await directory.FindAsync(key.Id, cancellationToken);
        if (entry.Partner is not { } partner)
            return Failure.Unprocessable(IssueCode.BusinessRule, entry.Problem!);
        if (
            !long.TryParse(command.Update, NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            || await deliveries.InboundAsync(order, cancellationToken) is not { } update
            || update.Partner != key.Id
        )
            return Failure.NotFound($"Nothing with the id {command.Update} came from {key}.");
        if (asked.IsRepeat && update.State != InboundState.Unapplied)
            return OperatorAnswers.Of([update], null);
        if (update.State != InboundState.Unapplied)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"It is '{update.State.ToString().ToLowerInvariant()}' already: only what is unapplied is tried again.",
                "Parameters.parameter.where(name = 'update')"
            );
        var call = asked.IsRepeat ? command.Call with { Idempotency = null } : command.Call;
        var recorded = await operators.WriteAsync(call, asked.Target, [], cancellationToken);
        if (!recorded.TryGet(out _, out var answer))
            return answer;
        var applied = await inbound.ApplyAsync(
            partner,
            InboundApplication.ReceivedOf(update),
            again: true,
            cancellationToken
        );
        return applied is null ? FhirResponse.Conflict() : OperatorAnswers.Of([applied], null);
    }
}
