using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of the scores of risk in a rule set: <c>Rules:0:Risk:HospitalVersion</c>, ...</summary>
internal static class RiskSettings
{
    private static readonly string[] Tiers = ["moderate", "high"];

    public static Func<RiskRules, RiskRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Risk));
        var both = section.Flag(nameof(RiskRules.StayIncludesBothDays));
        var version = section.Text(nameof(RiskRules.HospitalVersion));
        if (version is not null && !HospitalScore.Admissions.ContainsKey(version))
            throw section.Problem(
                nameof(RiskRules.HospitalVersion),
                version,
                $"it must be one of {string.Join(", ", HospitalScore.Admissions.Keys.Order(StringComparer.Ordinal))}."
            );
        var lace = Known(section, nameof(RiskRules.LaceTiers), Tiers, "tiers");
        var hospital = Known(section, nameof(RiskRules.HospitalTiers), Tiers, "tiers");
        var emergency = section.OptionalNumber(nameof(RiskRules.EmergencyMonths), 1, 120);
        var admissions = section.OptionalNumber(nameof(RiskRules.AdmissionMonths), 1, 120);
        var charlson = Known(
            section,
            nameof(RiskRules.CharlsonPoints),
            [.. CharlsonGroups.All.Select(g => g.Code)],
            "groups"
        );
        var oncology = section.List(nameof(RiskRules.OncologyServices));
        section.RefuseOthers();
        return before =>
            before with
            {
                StayIncludesBothDays = both ?? before.StayIncludesBothDays,
                HospitalVersion = version ?? before.HospitalVersion,
                LaceTiers = before.LaceTiers.SetItems(lace),
                HospitalTiers = before.HospitalTiers.SetItems(hospital),
                EmergencyMonths = emergency ?? before.EmergencyMonths,
                AdmissionMonths = admissions ?? before.AdmissionMonths,
                CharlsonPoints = before.CharlsonPoints.SetItems(charlson),
                OncologyServices = oncology.Length == 0 ? before.OncologyServices : [.. oncology],
            };
    }

    /// <summary>Numbers by names that there are; another one is a slip that would change nothing.</summary>
    internal static KeyValuePair<string, int>[] Known(OptionsSection section, string key, string[] names, string what)
    {
        var numbers = section.Numbers(key, 0, 1000).ToArray();
        foreach (var (name, _) in numbers)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
                throw section.Problem(key, name, $"{what} are {string.Join(", ", names)}.");
        }

        return numbers;
    }
}
