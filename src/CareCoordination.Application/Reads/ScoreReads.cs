using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Assessments.Scoring;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Reads;

/// <summary>Reads what has to be known to score a response.</summary>
public sealed class ScoreReads(CareReads reads, ReadGate gate, QuestionnaireReads questionnaires, CarePolicies policies)
{
    /// <summary>
    /// What the answers say. 422 where the response is not complete, does not fit its Questionnaire, is of nobody here or of no instrument
    /// of this server.
    /// </summary>
    public async Task<Result<Assessment>> AssessAsync(
        Snapshot response,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = QuestionnaireResponseView.From(ResourceDocument.Parse(response.Utf8Json).Value);
        if (ScoringRule.Check(view) is { } refusal)
            return refusal;
        if (await reads.NamedAsync(PatientOf(view), cancellationToken) is null)
            return ScoringRule.NoPatient();
        var questionnaire = await QuestionnaireAsync(view, cancellationToken);
        if (questionnaire.Exists && ResponseCheck.Find(questionnaire, view) is { } unfit)
            return unfit;
        return await AssessAsync(view, questionnaire, now, cancellationToken) is { } assessment
            ? assessment
            : ScoringRule.Unknown();
    }

    /// <summary>
    /// What the answers say, as far as they can be read: of a response that is complete and says of whom it is, whether that Patient is here
    /// yet or not, and however well it fits. Null where it is of no instrument of this server.
    /// </summary>
    public async Task<Assessment?> AssessAsync(
        QuestionnaireResponseView view,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => await AssessAsync(view, await QuestionnaireAsync(view, cancellationToken), now, cancellationToken);

    private async Task<QuestionnaireView> QuestionnaireAsync(
        QuestionnaireResponseView view,
        CancellationToken cancellationToken
    ) =>
        view.Questionnaire is { } canonical && await questionnaires.FindAsync(canonical, cancellationToken) is { } found
            ? QuestionnaireView.From(found)
            : default;

    private async Task<Assessment?> AssessAsync(
        QuestionnaireResponseView view,
        QuestionnaireView questionnaire,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (InstrumentChoice.Of(view, questionnaire) is not { } instrument)
            return null;
        var rules = (await policies.OfAsync(cancellationToken, PatientOf(view))).RulesAt(now).Assessments;
        return Assessment.Of(instrument, ResponseAnswers.Of(view), rules);
    }

    /// <summary>For a response that can be scored.</summary>
    public async Task<ScoringContext> ContextAsync(
        Snapshot response,
        Agent by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var patient = PatientOf(QuestionnaireResponseView.From(ResourceDocument.Parse(response.Utf8Json).Value));
        var policy = await policies.OfAsync(cancellationToken, patient);
        var episodes = await reads.FirstAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient)}&status=active",
            5,
            cancellationToken
        );
        var manager = episodes
            .Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).CareManager.Reference)
            .FirstOrDefault(m => m is not null);
        var rules = policy.RulesAt(now).Assessments;
        return new ScoringContext(response, patient, by, now, policy.Calendar, rules, manager);
    }

    /// <summary>What there is under the ids of the outputs, and of what earlier versions of the response gave.</summary>
    public async Task<IReadOnlyDictionary<ResourceKey, StoredNow>> StoredAsync(
        ResourceKey response,
        ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> outputs,
        CancellationToken cancellationToken
    )
    {
        var keys = outputs.Select(o => o.Key).ToHashSet();
        if (await gate.ReadAsync(response, cancellationToken) is not null)
            keys.UnionWith(await EarlierAsync(response, cancellationToken));
        return await StoredAsync(keys, cancellationToken);
    }

    /// <summary>What there is under these ids.</summary>
    public async Task<IReadOnlyDictionary<ResourceKey, StoredNow>> StoredAsync(
        IEnumerable<ResourceKey> keys,
        CancellationToken cancellationToken
    )
    {
        var stored = new Dictionary<ResourceKey, StoredNow>();
        foreach (var key in keys)
        {
            if (await gate.ReadAsync(key, cancellationToken) is { } now)
                stored[key] = new StoredNow(now.Version, now.IsDeleted ? default : now.Utf8Json);
        }

        return stored;
    }

    /// <summary>The open Tasks of the patient that ask for this instrument, and are done with it.</summary>
    public async Task<ImmutableArray<Snapshot>> AwaitedAsync(
        Assessment assessment,
        ScoringContext context,
        CancellationToken cancellationToken
    ) =>
        ResponseScoring.AskedBy(assessment) is { } work
            ? await reads.SearchAsync(
                ResourceTypes.Task,
                $"patient={Uri.EscapeDataString(context.Patient)}&code={CareExtensions.AssessmentWorkSystem}|{work}&status={OpenWork.StatusSearch}",
                cancellationToken
            )
            : [];

    /// <summary>Only what has an id of a response's own: others derive things from it as well.</summary>
    private async Task<IEnumerable<ResourceKey>> EarlierAsync(ResourceKey response, CancellationToken cancellationToken)
    {
        var own = ResponseScoring.EverOf(response).ToHashSet();
        var name = Uri.EscapeDataString(response.ToString());
        var observations = await reads.SearchAsync(
            ResourceTypes.Observation,
            $"derived-from={name}",
            cancellationToken
        );
        var conditions = await reads.SearchAsync(ResourceTypes.Condition, $"evidence-detail={name}", cancellationToken);
        var proposed = conditions.Select(c => c.Key).Where(own.Contains).ToArray();
        return observations
            .Select(o => o.Key)
            .Where(own.Contains)
            .Concat(proposed)
            .Concat(ResponseScoring.RequestsOf(response, proposed))
            .Append(ResponseScoring.NextTaskOf(response));
    }

    private static string PatientOf(QuestionnaireResponseView response)
    {
        var reference = response.Subject.Reference ?? "";
        var at = reference.IndexOf("/_history/", StringComparison.Ordinal);
        return at < 0 ? reference : reference[..at];
    }
}
