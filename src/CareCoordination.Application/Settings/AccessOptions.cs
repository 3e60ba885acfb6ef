using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Roles;

namespace CareCoordination.Application.Settings;

/// <summary>What of the access policy a deployment decides. docs/configuration.md</summary>
public sealed record AccessOptions
{
    public static readonly AccessOptions Default = new();

    /// <summary>Which relations to a patient count for which role.</summary>
    public ImmutableDictionary<CareRole, ImmutableArray<RelationKind>> Relations { get; init; } = RoleTable.Relations;

    /// <summary>The codes that label what has them, beside <c>meta.security</c>.</summary>
    public ImmutableArray<LabelledCode> SensitiveCodes { get; init; } =
        CareCoordination.Access.Labels.SensitiveCodes.Default;

    /// <summary>How long a broken glass stays broken.</summary>
    public TimeSpan BreakGlass { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Relations that a role may be given; the others say who somebody acts as.</summary>
    private static readonly ImmutableArray<RelationKind> ToPatients =
    [
        RelationKind.CareManager,
        RelationKind.CareTeam,
        RelationKind.TaskOwner,
        RelationKind.TaskRequester,
        RelationKind.EpisodeOrganization,
        RelationKind.GeneralPractitioner,
        RelationKind.RecordOrganization,
        RelationKind.Family,
    ];

    public static AccessOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Access");
        var options = new AccessOptions
        {
            Relations = ReadRelations(section.Section("Relations")),
            SensitiveCodes = ReadCodes(section),
            BreakGlass = TimeSpan.FromMinutes(section.Number("BreakGlassMinutes", 60, 1, 24 * 60)),
        };
        section.RefuseOthers();
        return options;
    }

    private static ImmutableDictionary<CareRole, ImmutableArray<RelationKind>> ReadRelations(OptionsSection section)
    {
        var relations = RoleTable.Relations;
        foreach (var role in CareRole.All)
        {
            var names = section.List(role.Code);
            if (names.Length > 0)
                relations = relations.SetItem(role, [.. names.Select(name => Kind(section, role.Code, name))]);
        }

        section.RefuseOthers();
        return relations;
    }

    private static RelationKind Kind(OptionsSection section, string role, string name) =>
        Enum.TryParse<RelationKind>(name, ignoreCase: true, out var kind) && ToPatients.Contains(kind)
            ? kind
            : throw section.Problem(role, name, $"a relation to a patient is one of {string.Join(", ", ToPatients)}.");

    private static ImmutableArray<LabelledCode> ReadCodes(OptionsSection section)
    {
        var codes = section.Sections("SensitiveCodes").Select(ReadCode).ToImmutableArray();
        return codes.IsEmpty ? CareCoordination.Access.Labels.SensitiveCodes.Default : codes;
    }

    private static LabelledCode ReadCode(OptionsSection section)
    {
        var label = section.Text("Label") ?? "";
        var code = section.Text("Code") ?? "";
        var system = section.Text("System") ?? "";
        if (
            !Enum.TryParse<SensitivityLabel>(label, ignoreCase: true, out var known)
            || known is SensitivityLabel.None or SensitivityLabel.All
            || !Enum.IsDefined(known)
        )
            throw section.Problem(
                "Label",
                label,
                $"a label is one of {string.Join(", ", Enum.GetNames<SensitivityLabel>().Except(["None", "All"]))}."
            );
        if (code.Length == 0 || system.Length == 0)
            throw section.Problem(
                "Code",
                code,
                "a sensitive code has a System and a Code; with a * at its end it is what codes begin with."
            );
        section.RefuseOthers();
        return new LabelledCode(system, code.TrimEnd('*'), known, IsPrefix: code.EndsWith('*'));
    }
}
