using System.Collections.Immutable;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Probing;

/// <summary>Asks a partner all that can be asked without sending a referral.</summary>
/// <param name="check">Of the strategy: what the partner has to take of a referral with these types.</param>
internal sealed class PartnerProbe(
    PartnerFhirClient? line,
    MllpConnection? mllp,
    PartnerPipeline pipeline,
    Func<CapabilityStatementView, IEnumerable<string>, IEnumerable<ProbeStep>> check
)
{
    public SmartClient? Smart { get; init; }

    /// <summary>What will be done there.</summary>
    public ImmutableArray<TypeAccess> Access { get; init; } = [];

    /// <summary>True where copies of Tasks are read from the partner.</summary>
    public bool Reads { get; init; }

    /// <param name="types">The resource types of a referral to this partner.</param>
    public async Task<IEnumerable<ProbeStep>> RunAsync(IEnumerable<string> types, CancellationToken cancel)
    {
        var steps = new List<ProbeStep>();
        if (mllp is not null)
        {
            var answer = await pipeline.ProbeAsync(static (m, token) => m.ProbeAsync(token), mllp, cancel);
            steps.Add(Step("connection", answer, "The partner listens."));
        }

        if (line is null)
            return steps;
        if (Smart is not null && !await TokenAsync(Smart, steps, cancel))
            return steps;
        var metadata = await line.ProbeAsync(PartnerRequest.Get("probe", "metadata"), cancel);
        steps.Add(Step("metadata", metadata, "The partner answers."));
        if (metadata.Kind != AnswerKind.Accepted)
            return steps;
        if (
            !ResourceDocument.Parse(metadata.Body).TryGet(out var document, out _)
            || !document.ResourceTypeUtf8.SequenceEqual("CapabilityStatement"u8)
        )
        {
            steps.Add(
                new ProbeStep(
                    "capabilities",
                    ProbeResult.Failed,
                    "What the partner answers is no CapabilityStatement: check that the Endpoint's address is a FHIR base."
                )
            );
            return steps;
        }

        var statement = CapabilityStatementView.From(document);
        steps.AddRange(CapabilityCheck.Basics(statement));
        steps.AddRange(check(statement, types));
        if (Reads)
            steps.AddRange(CapabilityCheck.Reading(statement));
        return steps;
    }

    private async Task<bool> TokenAsync(SmartClient smart, List<ProbeStep> steps, CancellationToken cancel)
    {
        var answer = await pipeline.ProbeAsync(
            static async (client, token) =>
            {
                try
                {
                    return (await client.TokenAsync(token)).Refusal ?? new PartnerAnswer(AnswerKind.Accepted, null, "");
                }
                catch (Exception problem) when (NetworkProblem.Describe(problem, token) is { } described)
                {
                    return described;
                }
            },
            smart,
            cancel
        );
        steps.Add(Step("token", answer, "The partner gives this server a token."));
        if (answer.Kind == AnswerKind.Accepted && smart.Granted is { } granted)
            steps.Add(Scopes(granted));
        return answer.Kind == AnswerKind.Accepted;
    }

    private ProbeStep Scopes(string granted) =>
        SmartScopes.Missing(granted, Access) is { Length: > 0 } missing
            ? CapabilityCheck.Failed(
                "scopes",
                $"The token does not allow what will be sent: {missing} is missing. Ask the partner to grant it to this client, and ask for it (SmartScopes)."
            )
            : CapabilityCheck.Passed("scopes", "The token allows what will be sent and read.");

    private static ProbeStep Step(string name, PartnerAnswer answer, string sentence) =>
        answer.Kind == AnswerKind.Accepted
            ? new ProbeStep(name, ProbeResult.Passed, sentence)
            : new ProbeStep(name, ProbeResult.Failed, answer.Problem);
}
