using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using MediatR;

namespace CareCoordination.Application.Privacy;

/// <summary>
/// Asks the store for the resource as the caller would, once for each rule, and for each condition of a rule by itself where the rule
/// does not let it through.
/// </summary>
internal sealed class ExplainAccessHandler(
    ReadGate gate,
    PolicyCompiler compiler,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<ExplainAccess, FhirResponse>
{
    public async Task<FhirResponse> Handle(ExplainAccess asked, CancellationToken cancellationToken)
    {
        if (await gate.ReadAsync(asked.Patient, cancellationToken) is not { IsDeleted: false })
            return Failure.NotFound($"There is no {asked.Patient}.");
        if (!await IsAboutPatientAsync(asked, cancellationToken))
            return Failure.Unprocessable(
                IssueCode.NotFound,
                $"There is no {asked.Resource} about {asked.Patient}.",
                "Parameters.parameter"
            );
        var rules = new List<ExplainedRule>();
        foreach (var granted in compiler.Explain(asked.Asked, asked.Resource.Type, asked.Right))
            rules.Add(await ExplainAsync(asked, granted, cancellationToken));
        return FhirResponse.Of(new BytesContent(Answer(asked, rules).ToUtf8Json()));
    }

    private ParametersEditor Answer(ExplainAccess asked, List<ExplainedRule> rules)
    {
        var isAllowed = rules.Exists(rule => rule.Allows);
        var answer = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "allowed", ValueBoolean = isAllowed },
                new()
                {
                    Name = "resource",
                    ValueReference = new() { Reference = asked.Resource.ToString() },
                },
                new() { Name = "right", ValueCode = asked.Right.ToString().ToLowerInvariant() },
            },
        };
        var why = PolicyCompiler.WhyNobody(asked.Asked);
        if (why is null && rules.All(rule => rule.Obstacles.Contains(NoScope)))
            why = compiler.WhyNot(asked.Asked, asked.Resource.Type, asked.Right);
        if (!isAllowed && why is not null)
            answer.Parameter.Add(new() { Name = "reason", ValueString = why });
        foreach (var rule in rules.OrderByDescending(rule => rule.Allows))
            answer.Parameter.Add(rule.ToParameter());
        return answer;
    }

    private const string NoScope = "No scope of the token covers it.";

    private async Task<ExplainedRule> ExplainAsync(
        ExplainAccess asked,
        GrantedSights granted,
        CancellationToken cancellationToken
    )
    {
        var relations = new SortedSet<RelationKind>();
        var obstacles = new List<string>();
        var allows = false;
        foreach (var sight in granted.Sights)
        {
            relations.UnionWith(await RelationsAsync(asked, sight, cancellationToken));
            if (await SeesAsync(asked, sight, cancellationToken))
                allows = true;
            else
                obstacles.AddRange(await ObstaclesAsync(asked, sight, cancellationToken));
        }

        if (granted.Sights.IsEmpty)
            obstacles.Add(
                PolicyCompiler.HasScope(asked.Asked, asked.Resource.Type, asked.Right)
                    ? $"It is for a {granted.Grant.Role.Code} who is a patient of this server."
                    : NoScope
            );
        return new ExplainedRule(
            granted.Grant,
            [.. relations],
            allows ? [] : [.. obstacles.Distinct(StringComparer.Ordinal)]
        );
    }

    /// <summary>Each condition of a sight by itself.</summary>
    private async Task<List<string>> ObstaclesAsync(
        ExplainAccess asked,
        Sight sight,
        CancellationToken cancellationToken
    )
    {
        var obstacles = new List<string>();
        foreach (var range in sight.Patients)
        {
            if (!await SeesAsync(asked, new Sight { Patients = [range] }, cancellationToken))
                obstacles.Add(OutOf(range));
        }

        if (sight.IsOfNobody)
            obstacles.Add("It is about a patient.");
        if (sight.Names is not null && !await SeesAsync(asked, new Sight { Names = sight.Names }, cancellationToken))
            obstacles.Add("It does not name them.");
        if (
            sight.Disclosed is not null
            && !await SeesAsync(asked, new Sight { Disclosed = sight.Disclosed }, cancellationToken)
        )
            obstacles.Add("No referral to their organisation discloses it.");
        foreach (var label in Bits(sight.Hidden))
        {
            if (!await SeesAsync(asked, new Sight { Hidden = (long)label }, cancellationToken))
                obstacles.Add(
                    $"It is labelled, or coded as, {ExplainedRule.Words(label)}, which is hidden from the role."
                );
        }

        foreach (var criterion in sight.Criteria)
        {
            if (!await SeesAsync(asked, new Sight { Criteria = [criterion] }, cancellationToken))
                obstacles.Add("It is not what the query of the scope names.");
        }

        if (
            sight.Consent is not null
            && !await SeesAsync(asked, new Sight { Consent = sight.Consent }, cancellationToken)
        )
            obstacles.Add("A Consent of the patient denies it to them, or for this purpose.");
        return obstacles;
    }

    private static string OutOf(PatientRange range) =>
        range is RelatedPatients { Relations.Kinds: var kinds }
            ? kinds.IsEmpty
                ? "No relation to a patient counts for the role."
                : $"They have none of these relations to each patient whom it is about: {ExplainedRule.Words(kinds.Select(kind => (RelationKind)kind))}."
            : "It is not about the one patient of the token alone.";

    private async Task<List<RelationKind>> RelationsAsync(
        ExplainAccess asked,
        Sight sight,
        CancellationToken cancellationToken
    )
    {
        var holding = new List<RelationKind>();
        foreach (var related in sight.Patients.OfType<RelatedPatients>())
        {
            foreach (var kind in related.Relations.Kinds)
            {
                var alone = new RelatedPatients(related.Relations with { Kinds = [kind] });
                if (await SeesAsync(asked, new Sight { Patients = [alone] }, cancellationToken))
                    holding.Add((RelationKind)kind);
            }
        }

        return holding;
    }

    private async Task<bool> SeesAsync(ExplainAccess asked, Sight sight, CancellationToken cancellationToken)
    {
        var visibility = new Visibility(
            [KeyValuePair.Create(asked.Resource.Type, new TypeVisibility([sight]))],
            time.GetUtcNow()
        );
        return await gate.ReadAsync(asked.Resource, visibility, cancellationToken) is { IsDeleted: false };
    }

    /// <summary>It may be about others besides.</summary>
    private async Task<bool> IsAboutPatientAsync(ExplainAccess asked, CancellationToken cancellationToken) =>
        asked.Resource == asked.Patient
        || (
            await gate.ReadAsync(asked.Resource, cancellationToken) is { IsDeleted: false } stored
            && definitions
                .Extractor.Extract(stored.Key, ResourceDocument.Parse(stored.Utf8Json).Value)
                .TryGet(out var index, out _)
            && index.Patients.Contains(asked.Patient)
        );

    private static IEnumerable<SensitivityLabel> Bits(long labels) =>
        Enum.GetValues<SensitivityLabel>()
            .Where(label =>
                label is not (SensitivityLabel.None or SensitivityLabel.All) && ((long)label & labels) != 0
            );
}
