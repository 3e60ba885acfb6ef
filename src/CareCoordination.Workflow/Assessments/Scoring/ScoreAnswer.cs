using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>The answer of <c>$score</c>: what came of the response, with the resources as they are now.</summary>
public static class ScoreAnswer
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [ResourceTypes.Observation] = "observation",
        [ResourceTypes.Condition] = "condition",
        [ResourceTypes.ServiceRequest] = "serviceRequest",
        [ResourceTypes.Task] = "task",
        [ResourceTypes.Flag] = "flag",
    };

    /// <param name="resources">In the order in which they are told.</param>
    public static byte[] Of(string response, Assessment assessment, IEnumerable<ResourceDocument> resources)
    {
        var answer = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "questionnaireResponse", ValueReference = { Reference = response } },
                new() { Name = "instrument", ValueCode = assessment.Instrument.Code },
            },
        };
        foreach (var sum in assessment.Sums)
            Add(answer, sum);
        foreach (var need in assessment.Needs)
            answer.Parameter.Add(
                new() { Name = "need", ValueCoding = { System = SocialNeeds.Domains, Code = need.Domain } }
            );
        foreach (var declined in assessment.Declined)
            answer.Parameter.Add(new() { Name = "declined", ValueString = declined });
        foreach (var resource in resources)
            answer.Parameter.Add(
                new() { Name = Names[new ResourceEditor(resource).ResourceType!], Resource = new(resource) }
            );
        return answer.ToUtf8Json();
    }

    private static void Add(ParametersEditor answer, AssessedSum sum)
    {
        if (sum is { Total: { } total, Band: { } band })
        {
            answer.Parameter.Add(new() { Name = "score", ValueInteger = total });
            answer.Parameter.Add(new() { Name = "band", ValueCode = band });
        }

        if (sum.IsPositive is { } isPositive)
            answer.Parameter.Add(new() { Name = "positive", ValueBoolean = isPositive });
        foreach (var missing in sum.Missing)
            answer.Parameter.Add(new() { Name = "missing", ValueString = missing });
    }
}
