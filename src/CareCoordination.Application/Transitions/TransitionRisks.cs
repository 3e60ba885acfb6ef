using System.Collections.Immutable;
using CareCoordination.Application.Assessments;
using CareCoordination.Application.Reads;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>Scores the risk of a readmission at discharge, from what is told and what is known: LACE and HOSPITAL.</summary>
public sealed class TransitionRisks(CareReads reads, RiskReads risks)
{
    private const string Lace = "lace";

    private static readonly ImmutableArray<string> Methods = [Lace, "hospital"];

    /// <summary>With the scores, where a stay has ended. How often the patient is seen goes by LACE.</summary>
    /// <param name="isKnown">False where nothing of the patient is here yet.</param>
    public async Task<IntakeContext> AddAsync(IntakeContext context, bool isKnown, CancellationToken cancellationToken)
    {
        if (context.Stay is not { IsFinished: true } stay || context.Patient is not { } patient || context.IsDead)
            return context;
        var rules = context.Policy.RulesAt(context.Command.Now).Risk;
        var encounter = new Snapshot(
            context.EncounterKey,
            context.Known?.Version ?? 0,
            TransitionDecision.EncounterOf(stay, context.EncounterKey).Utf8
        );
        var told = context.Resources.Select(r => new Snapshot(r.Key, r.DecidedFrom, r.Utf8Json)).ToArray();
        var known = isKnown
            ? (await risks.RecordAsync(patient, encounter, rules, context.Policy.TimeZone, cancellationToken)).Others
            : [];
        var record = new RiskRecord(
            encounter,
            [.. told.Concat(known.Where(k => k.Key != encounter.Key)).DistinctBy(r => r.Key)],
            context.Policy.TimeZone
        );
        var (inputs, basis) = record.Read(rules);
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        var isHigh = false;
        foreach (var method in Methods)
        {
            var score = RiskInstruments.Score(method, inputs, rules)!;
            isHigh |= method == Lace && score.Tier == "high";
            var before = await reads.ReadAsync(
                RiskStatement.KeyOf(encounter.Key, score.Instrument).ToString(),
                cancellationToken
            );
            writes.AddRange(RiskStatement.Of(score, patient, encounter, basis, before, context.Command.Now).Writes);
        }

        return context with
        {
            IsHighRisk = isHigh,
            Risks = writes.ToImmutable(),
        };
    }
}
