using System.Collections.Immutable;

namespace CareCoordination.Analytics.Measures;

/// <summary>By what a population is told apart.</summary>
/// <param name="Code">As reports name it.</param>
/// <param name="Sql">Over the row of the measure (<c>f</c>), the patient (<c>p</c>) and who pays for them (<c>y</c>).</param>
internal sealed record Stratifier(string Code, string Sql);

internal static class Stratifiers
{
    /// <summary>What <see cref="Stratifier.Sql"/> is read from: each is there once, and is found by a join, not anew for each row.</summary>
    public const string From =
        "f LEFT JOIN patient p ON p.id = f.patient_id LEFT JOIN payer y ON y.person_id = f.patient_id";

    /// <summary>Who pays for somebody, by whichever of their records says so.</summary>
    public const string Payers =
        "payer AS MATERIALIZED (SELECT coalesce(w.person_id, c.patient_id) AS person_id, min(c.type_code) AS type_code FROM coverage c LEFT JOIN person w ON w.patient_id = c.patient_id WHERE c.status = 'active' GROUP BY 1)";

    /// <summary>The age is that of the last day of the period.</summary>
    private const string Age =
        "date_diff('year', p.birth_date_day, $end) - CASE WHEN strftime(p.birth_date_day, '%m%d') > strftime($end, '%m%d') THEN 1 ELSE 0 END";

    public static readonly ImmutableArray<Stratifier> All =
    [
        new(
            "age-band",
            $"CASE WHEN p.birth_date_day IS NULL THEN 'unknown' WHEN {Age} < 18 THEN '0-17' WHEN {Age} < 45 THEN '18-44' WHEN {Age} < 65 THEN '45-64' WHEN {Age} < 75 THEN '65-74' WHEN {Age} < 85 THEN '75-84' ELSE '85+' END"
        ),
        new("sex", "coalesce(p.gender, 'unknown')"),
        new("race", "coalesce(p.race, 'unknown')"),
        new("ethnicity", "coalesce(p.ethnicity, 'unknown')"),
        new("language", "coalesce(p.language, 'unknown')"),
        new("payer", "coalesce(y.type_code, 'unknown')"),
        new("programme", "coalesce(f.programme, 'none')"),
        new("practitioner", "coalesce(f.practitioner_id, 'none')"),
        new("organization", "coalesce(f.organization_id, 'none')"),
    ];
}
