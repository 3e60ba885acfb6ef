using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Connectors;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>A partner is asked now what has changed of our Tasks.</summary>
public sealed record PollPartner(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "poll",
        "Asks the partner now what has changed of our Tasks, without waiting for its time. Answers how many versions were news, how many were seen, how many copies the partner has deleted, and what kept the poll from being complete.",
        input => input.Command(call => new PollPartner(call))
    )
    {
        Answer = "Parameters",
        Parameters = [Take.Practitioner],
    };
}

internal sealed class PollPartnerHandler(
    PartnerDirectory directory,
    PartnerConnectors connectors,
    PartnerPolls polls,
    OperatorCommands operators
) : IRequestHandler<PollPartner, FhirResponse>
{
    public async Task<FhirResponse> Handle(PollPartner command, CancellationToken cancellationToken)
    {
        var key = command.Call.Key;
        var asked = await operators.AcceptAsync(command.Call, cancellationToken);
        if (asked.Refusal is { } refusal)
            return refusal;
        var entry = await directory.FindAsync(key.Id, cancellationToken);
        if (entry.Partner is not { } partner)
            return Failure.Unprocessable(IssueCode.BusinessRule, entry.Problem!);
        var connector = connectors.For(partner);
        if (!connector.KeepsTasks)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"{key} keeps no copies of Tasks that could be read (strategy {partner.Options.Strategy}): where it has a FHIR server for that, set Partners:{key.Id}:ReadAddress."
            );
        var call = asked.IsRepeat ? command.Call with { Idempotency = null } : command.Call;
        var recorded = await operators.WriteAsync(call, asked.Target, [], cancellationToken);
        if (!recorded.TryGet(out _, out var answer))
            return answer;
        if (connector.Health.QuietUntil is { } until)
            return Failure.Conflict(
                $"{key} is left alone until {until:u} after it failed or asked to wait; {key}/$health tells why."
            );
        return await polls.RunAsync(partner, isWanted: true, cancellationToken) is { } result
            ? FhirResponse.Of(new BytesContent(Answer(result).ToUtf8Json()))
            : Failure.Conflict($"{key} is being asked already: {key}/$health tells when it was.");
    }

    private static ParametersEditor Answer(PollResult result)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "news", ValueInteger = result.News },
                new() { Name = "seen", ValueInteger = result.Seen },
                new() { Name = "gone", ValueInteger = result.Gone },
            },
        };
        if (result.Problem is { } problem)
            parameters.Parameter.Add(new() { Name = "problem", ValueString = problem });
        return parameters;
    }
}
