using CareCoordination.Connectors.Diagnostics;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>The way to one partner's FHIR server: every request goes through the pipeline, and every attempt is counted.</summary>
/// <param name="fhirBase">Without a slash at its end.</param>
internal sealed class PartnerFhirClient(Partner partner, string fhirBase, PartnerHttp http, PartnerPipeline pipeline)
{
    public Partner Partner => partner;

    public string FhirBase => fhirBase;

    public ValueTask<PartnerAnswer> AskAsync(PartnerRequest request, CancellationToken cancel) =>
        pipeline.RunAsync(AttemptAsync, request, request.IsRepeatable, cancel);

    public ValueTask<PartnerAnswer> ProbeAsync(PartnerRequest request, CancellationToken cancel) =>
        pipeline.ProbeAsync(AttemptAsync, request, cancel);

    private async ValueTask<PartnerAnswer> AttemptAsync(PartnerRequest request, CancellationToken cancel)
    {
        var answer = await http.AskAsync(request, cancel);
        Telemetry.Attempt(partner.Id, request.Name, answer.Kind.ToString(), answer.Status);
        return answer;
    }
}
