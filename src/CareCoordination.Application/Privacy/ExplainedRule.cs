using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Roles;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Privacy;

/// <summary>What one row of the role table comes to for one caller and one resource.</summary>
/// <param name="Relations">The relations of the caller that hold now and count.</param>
/// <param name="Obstacles">What stands in the way, as sentences; where there is none, the rule allows it.</param>
internal sealed record ExplainedRule(
    Grant Grant,
    ImmutableArray<RelationKind> Relations,
    ImmutableArray<string> Obstacles
)
{
    public bool Allows => Obstacles.IsEmpty;

    public ParametersParameterEditor ToParameter()
    {
        var rule = new ParametersParameterEditor
        {
            Name = "rule",
            Part =
            {
                new() { Name = "allows", ValueBoolean = Allows },
                new() { Name = "role", ValueCode = Grant.Role.Code },
                new()
                {
                    Name = "about",
                    ValueString = string.Join(", ", Grant.Groups.Select(g => g.ToString()).Concat(Grant.Types)),
                },
                new() { Name = "reach", ValueString = Sentence(Grant.Reach) },
            },
        };
        foreach (var relation in Relations)
            rule.Part.Add(new() { Name = "relation", ValueString = Words(relation.ToString()) });
        foreach (var obstacle in Obstacles)
            rule.Part.Add(new() { Name = "obstacle", ValueString = obstacle });
        return rule;
    }

    /// <summary>The labels of a set, in words.</summary>
    public static string Words(SensitivityLabel labels) =>
        string.Join(
            ", ",
            Enum.GetValues<SensitivityLabel>()
                .Where(label => label is not (SensitivityLabel.None or SensitivityLabel.All) && labels.HasFlag(label))
                .Select(label => Words(label.ToString()))
        );

    /// <summary>The relations of a list, in words.</summary>
    public static string Words(IEnumerable<RelationKind> kinds) =>
        string.Join(", ", kinds.Select(kind => Words(kind.ToString())));

    private static string Words(string name) =>
        string.Concat(
            name.Select(
                (letter, at) =>
                    at > 0 && char.IsUpper(letter)
                        ? $" {char.ToLowerInvariant(letter)}"
                        : $"{char.ToLowerInvariant(letter)}"
            )
        );

    private static string Sentence(Reach reach) =>
        reach switch
        {
            Reach.All => "Whoever it is about.",
            Reach.Related => "About patients to whom they have a relation that counts for the role.",
            Reach.Own => "About themselves.",
            Reach.Disclosed => "What a referral to their organisation discloses.",
            Reach.Named => "What names them as owner or requester of a task.",
            _ => "About no patient.",
        };
}
