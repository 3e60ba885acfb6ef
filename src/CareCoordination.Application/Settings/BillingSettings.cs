using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>
/// What a rule set changes of billing: <c>Rules:0:Billing:Codes:99490:From</c>, ... A code that there is keeps what is not said; a new one
/// says its programme, its family and its words.
/// </summary>
internal static class BillingSettings
{
    private const int MostMinutes = 44_640;

    public static Func<BillingRules, BillingRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Billing));
        var codes = section.Sections(nameof(BillingRules.Codes)).Select(ReadCode).ToArray();
        var exclusions = section.Sections(nameof(BillingRules.Exclusions)).Select(ReadExclusion).ToArray();
        var advisory = Needs(section, nameof(BillingRules.Advisory));
        var elects = section.Flag(nameof(BillingRules.ElectsPractitionerTime));
        var parallel = section.Flag(nameof(BillingRules.CountsParallelWork));
        var visits = section.Flag(nameof(BillingRules.CountsVisitDays));
        var ends = section.Flag(nameof(BillingRules.CountsEndsOfStays));
        var months = RiskSettings.Known(
            section,
            nameof(BillingRules.InitiatingVisitMonths),
            [.. CarePrograms.All.Select(p => p.Code)],
            "programmes"
        );
        var coverage = section.List(nameof(BillingRules.QualifiedCoverage));
        section.RefuseOthers();
        return before =>
            before with
            {
                Codes = codes.Aggregate(before.Codes, (all, change) => change(all)),
                Exclusions = exclusions.Length == 0 ? before.Exclusions : [.. exclusions],
                Advisory = advisory ?? before.Advisory,
                ElectsPractitionerTime = elects ?? before.ElectsPractitionerTime,
                CountsParallelWork = parallel ?? before.CountsParallelWork,
                CountsVisitDays = visits ?? before.CountsVisitDays,
                CountsEndsOfStays = ends ?? before.CountsEndsOfStays,
                InitiatingVisitMonths = before.InitiatingVisitMonths.SetItems(months),
                QualifiedCoverage = coverage.Length == 0 ? before.QualifiedCoverage : [.. coverage],
            };
    }

    private static Func<ImmutableArray<BillingCode>, ImmutableArray<BillingCode>> ReadCode(OptionsSection section)
    {
        var code = section.Key;
        var program = section.Text(nameof(BillingCode.Program));
        if (program is not null && !CarePrograms.Is(program))
            throw section.Problem(
                nameof(BillingCode.Program),
                program,
                $"it must be one of {string.Join(", ", CarePrograms.All.Select(p => p.Code))}."
            );
        var family = section.Text(nameof(BillingCode.Family));
        var words = section.Text(nameof(BillingCode.Words));
        var change = ReadChange(section);
        section.RefuseOthers();
        return all =>
        {
            if (all.Any(c => c.Code == code))
                return [.. all.Select(c => c.Code == code ? change(Named(c, family, words)) : c)];
            if (program is null || family is null || words is null)
                throw new ConfigurationProblem(
                    $"{section.Name} is no code that there is, so that it needs Program, Family and Words."
                );
            return [.. all, change(new BillingCode(code, program, family, words, "configured"))];
        };
    }

    private static BillingCode Named(BillingCode code, string? family, string? words) =>
        code with
        {
            Family = family ?? code.Family,
            Words = words ?? code.Words,
        };

    private static Func<BillingCode, BillingCode> ReadChange(OptionsSection section)
    {
        var line = section.Text(nameof(BillingCode.Line));
        var adds = section.List(nameof(BillingCode.AddsTo));
        var basis = Choice<BillingBasis>(section, nameof(BillingCode.Basis));
        var time = Choice<TimeOf>(section, nameof(BillingCode.Time));
        var from = section.OptionalNumber(nameof(BillingCode.From), 0, MostMinutes);
        var to = section.OptionalNumber(nameof(BillingCode.To), 0, MostMinutes);
        // 0: no end.
        var units = section.OptionalNumber(nameof(BillingCode.MostUnits), 0, 1000);
        var needs = Needs(section, nameof(BillingCode.Needs));
        var stays = section.Flag(nameof(BillingCode.CountsStays));
        var once = section.Flag(nameof(BillingCode.IsOnce));
        var first = Day(section, nameof(BillingCode.ValidFrom));
        var last = Day(section, nameof(BillingCode.ValidTo));
        var source = section.Text(nameof(BillingCode.Source));
        return before =>
            before with
            {
                Line = line ?? before.Line,
                AddsTo = adds.Length == 0 ? before.AddsTo : [.. adds],
                Basis = basis ?? before.Basis,
                Time = time ?? before.Time,
                From = from ?? before.From,
                To = to ?? before.To,
                MostUnits = units switch
                {
                    null => before.MostUnits,
                    0 => null,
                    _ => units,
                },
                Needs = needs ?? before.Needs,
                CountsStays = stays ?? before.CountsStays,
                IsOnce = once ?? before.IsOnce,
                ValidFrom = first ?? before.ValidFrom,
                ValidTo = last ?? before.ValidTo,
                Source = source ?? before.Source,
            };
    }

    private static BillingExclusion ReadExclusion(OptionsSection section)
    {
        const string Families = nameof(BillingExclusion.Families);
        var families = section.List(Families);
        if (families.Length < 2)
            throw section.Problem(
                Families,
                string.Join(',', families),
                "an exclusion names two families at least, such as ccm,pcm."
            );
        var exclusion = new BillingExclusion(
            [.. families],
            section.Text(nameof(BillingExclusion.Source)) ?? "configured"
        )
        {
            ValidFrom = Day(section, nameof(BillingExclusion.ValidFrom)) ?? DateOnly.MinValue,
            ValidTo = Day(section, nameof(BillingExclusion.ValidTo)) ?? DateOnly.MaxValue,
        };
        section.RefuseOthers();
        return exclusion;
    }

    /// <summary>Null where nothing is said; <c>none</c> for none.</summary>
    private static ImmutableArray<string>? Needs(OptionsSection section, string key)
    {
        var needs = section.List(key);
        if (needs.Length == 0)
            return null;
        if (needs is ["none"])
            return [];
        foreach (var need in needs)
        {
            if (!BillingNeeds.All.Any(n => n.Code == need))
                throw section.Problem(
                    key,
                    need,
                    $"it must be none, or some of {string.Join(", ", BillingNeeds.All.Select(n => n.Code))}."
                );
        }

        return [.. needs];
    }

    private static T? Choice<T>(OptionsSection section, string key)
        where T : struct, Enum =>
        section.Text(key) is not { } text ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw section.Problem(key, text, $"it must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static DateOnly? Day(OptionsSection section, string key) =>
        section.Text(key) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
        : throw section.Problem(key, text, "it must be a day such as 2027-01-01.");
}
