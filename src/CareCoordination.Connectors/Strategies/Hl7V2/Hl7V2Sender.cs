using CareCoordination.Connectors.Diagnostics;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Strategies.Hl7V2;

/// <summary>
/// HL7 v2 over MLLP: REF^I12 refers, I13 changes and I14 calls off. The control id is that of the delivery, so that a repeat is the
/// same message. https://www.hl7.eu/HL7v2x/v251/std251/ch11.html
/// </summary>
internal sealed class Hl7V2Sender(Partner partner, MllpConnection line, PartnerPipeline pipeline) : IReferralSender
{
    public async Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel)
    {
        var message = Hl7V2Payload.Build(package, partner.Options);
        var answer = await pipeline.RunAsync(
            async (work, token) =>
            {
                var attempt = await line.SendAsync(work.Message, work.ControlId, token);
                Telemetry.Attempt(partner.Id, "send", attempt.Kind.ToString(), attempt.Status);
                return attempt;
            },
            (Message: message, ControlId: Hl7V2Payload.ControlId(package)),
            isRepeatable: true,
            cancel
        );
        return answer.Kind == AnswerKind.Accepted ? new SendOutcome.Delivered(null, null) : answer.ToOutcome();
    }
}
