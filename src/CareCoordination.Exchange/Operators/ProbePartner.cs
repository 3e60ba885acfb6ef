using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Probing;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>Asks a partner all that can be asked without sending a referral.</summary>
public sealed record ProbePartner(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "probe",
        "Finds out whether referrals can go to the partner, without sending one: address, token, metadata, and whether its CapabilityStatement takes what would be sent.",
        input => input.Command(call => new ProbePartner(call))
    )
    {
        Answer = "Parameters",
        Parameters = [Take.Practitioner],
    };
}

internal sealed class ProbePartnerHandler(
    PartnerDirectory directory,
    PartnerConnectors connectors,
    OperatorCommands operators
) : IRequestHandler<ProbePartner, FhirResponse>
{
    public async Task<FhirResponse> Handle(ProbePartner command, CancellationToken cancellationToken)
    {
        var asked = await operators.AcceptAsync(command.Call, cancellationToken);
        if (asked.Refusal is { } refusal)
            return refusal;
        var entry = await directory.FindAsync(command.Call.Key.Id, cancellationToken);
        var report = entry.Partner is { } partner
            ? await connectors.For(partner).ProbeAsync(sample: null, cancellationToken)
            : new ProbeReport(command.Call.Key.Id, [new ProbeStep("endpoint", ProbeResult.Failed, entry.Problem!)]);
        var call = asked.IsRepeat ? command.Call with { Idempotency = null } : command.Call;
        var recorded = await operators.WriteAsync(call, asked.Target, [], cancellationToken);
        if (!recorded.TryGet(out _, out var answer))
            return answer;
        return FhirResponse.Of(new BytesContent(Answer(report).ToUtf8Json()));
    }

    private static ParametersEditor Answer(ProbeReport report)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "ready", ValueBoolean = report.IsReady },
            },
        };
        foreach (var step in report.Steps)
            parameters.Parameter.Add(
                new()
                {
                    Name = "step",
                    Part =
                    {
                        new() { Name = "name", ValueString = step.Name },
                        new() { Name = "result", ValueCode = step.Result.ToString().ToLowerInvariant() },
                        new() { Name = "sentence", ValueString = step.Sentence },
                    },
                }
            );
        return parameters;
    }
}
