using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The codes this project starts with. Each row says how sure it is: <c>seen</c> was read at a named secondary source and not in the text of
/// the rule itself, <c>remembered</c> was read nowhere and is to be checked before anybody relies on it. Both are data: a rule set of the
/// configuration changes them (docs/billing.md).
/// </summary>
public static class BillingTable
{
    private const string Remembered = "remembered: to be checked";
    private static readonly DateOnly Year2025 = new(2025, 1, 1);
    private static readonly DateOnly Year2026 = new(2026, 1, 1);
    private static readonly DateOnly EndOf2025 = new(2025, 12, 31);

    private static readonly ImmutableArray<string> Ccm = ["consent", "plan", "two-conditions", "initiating-visit"];
    private static readonly ImmutableArray<string> Pcm = ["consent", "plan", "one-condition"];
    private static readonly ImmutableArray<string> Apcm = ["consent", "plan", "initiating-visit"];
    private static readonly ImmutableArray<string> Rpm = ["consent", "interactive-contact"];

    private static readonly ImmutableArray<BillingCode> Chronic =
    [
        Staff(
            new("99487", "ccm", "complex-ccm", "Complex chronic care, the first hour of staff", "seen: NGS, CMS"),
            60
        ) with
        {
            Line = "ccm",
            Needs = [.. Ccm, "moderate-decisions", "plan-revised"],
        },
        Staff(
            new("99489", "ccm", "complex-ccm", "Complex chronic care, each further half hour", "seen: NGS, CMS"),
            30
        ) with
        {
            AddsTo = ["99487"],
            MostUnits = null,
        },
        Practitioner(
            new(
                "99491",
                "ccm",
                "ccm-practitioner",
                "Chronic care by the practitioner, the first half hour",
                "seen: NGS"
            ),
            30
        ) with
        {
            Line = "ccm",
            Needs = [.. Ccm, "practitioner-elected"],
            CountsStays = false,
        },
        Practitioner(
            new(
                "99437",
                "ccm",
                "ccm-practitioner",
                "Chronic care by the practitioner, each further half hour",
                "seen: NGS"
            ),
            30
        ) with
        {
            AddsTo = ["99491"],
            MostUnits = null,
            CountsStays = false,
        },
        Staff(new("99490", "ccm", "ccm", "Chronic care, the first 20 minutes of staff", "seen: NGS, CMS"), 20) with
        {
            Needs = Ccm,
            CountsStays = false,
        },
        Staff(
            new(
                "99439",
                "ccm",
                "ccm",
                "Chronic care, each further 20 minutes of staff",
                "seen: medprecision; the most units " + Remembered
            ),
            20
        ) with
        {
            AddsTo = ["99490"],
            MostUnits = 2,
            CountsStays = false,
        },
    ];

    private static readonly ImmutableArray<BillingCode> Principal =
    [
        Practitioner(
            new(
                "99424",
                "pcm",
                "pcm-practitioner",
                "Principal care by the practitioner, the first half hour",
                "seen: AAPC"
            ),
            30
        ) with
        {
            Line = "pcm",
            Needs = [.. Pcm, "practitioner-elected"],
        },
        Practitioner(
            new(
                "99425",
                "pcm",
                "pcm-practitioner",
                "Principal care by the practitioner, each further half hour",
                "seen: AAPC"
            ),
            30
        ) with
        {
            AddsTo = ["99424"],
            MostUnits = null,
        },
        Staff(new("99426", "pcm", "pcm", "Principal care, the first half hour of staff", "seen: AAPC"), 30) with
        {
            Needs = Pcm,
        },
        Staff(
            new(
                "99427",
                "pcm",
                "pcm",
                "Principal care, each further half hour of staff",
                "seen: AAPC; the most units " + Remembered
            ),
            30
        ) with
        {
            AddsTo = ["99426"],
            MostUnits = 2,
        },
    ];

    private static readonly ImmutableArray<BillingCode> Primary =
    [
        Month(
            new("G0558", "apcm", "apcm", "Primary care of level 3, the month", "seen: Foley, McDonald Hopkins"),
            Year2025
        ) with
        {
            Needs = [.. Apcm, "two-conditions", "qualified-beneficiary"],
        },
        Month(
            new("G0557", "apcm", "apcm", "Primary care of level 2, the month", "seen: Foley, McDonald Hopkins"),
            Year2025
        ) with
        {
            Needs = [.. Apcm, "two-conditions"],
        },
        Month(
            new("G0556", "apcm", "apcm", "Primary care of level 1, the month", "seen: Foley, McDonald Hopkins"),
            Year2025
        ) with
        {
            Needs = Apcm,
        },
        Month(
            new(
                "G0568",
                "apcm",
                "apcm-behavioral",
                "Collaborative care beside primary care, first month",
                "seen: fairpath"
            ),
            Year2026
        ) with
        {
            Needs = ["primary-care", "collaborative-service", "first-month"],
        },
        Month(
            new(
                "G0569",
                "apcm",
                "apcm-behavioral",
                "Collaborative care beside primary care, later month",
                "seen: fairpath"
            ),
            Year2026
        ) with
        {
            Needs = ["primary-care", "collaborative-service", "later-month"],
        },
        Month(
            new("G0570", "apcm", "apcm-behavioral", "Behavioral care beside primary care, the month", "seen: fairpath"),
            Year2026
        ) with
        {
            Needs = ["primary-care", "behavioral-service"],
        },
    ];

    private static readonly ImmutableArray<BillingCode> Transitional =
    [
        new("99496", "tcm", "tcm", "Care after a discharge, visit within 7 days", "seen: rvudoc, NGS")
        {
            Basis = BillingBasis.Transition,
            Needs = ["timely-contact", "medications", "alive", "visit-7", "high-decisions"],
        },
        new("99495", "tcm", "tcm", "Care after a discharge, visit within 14 days", "seen: rvudoc, NGS")
        {
            Basis = BillingBasis.Transition,
            Needs = ["timely-contact", "medications", "alive", "visit-14", "moderate-decisions"],
        },
    ];

    private static readonly ImmutableArray<BillingCode> Remote =
    [
        Days(new("99453", "rpm", "rpm-setup", "Remote monitoring, set up and taught", Remembered), 16, null) with
        {
            IsOnce = true,
            ValidTo = EndOf2025,
        },
        Days(new("99453", "rpm", "rpm-setup", "Remote monitoring, set up and taught", Remembered), 2, null) with
        {
            IsOnce = true,
            ValidFrom = Year2026,
        },
        Days(
            new("99454", "rpm", "rpm-supply", "Remote monitoring, 16 or more days of data in 30", "seen: rimidi"),
            16,
            null
        ),
        Days(
            new("99445", "rpm", "rpm-supply", "Remote monitoring, 2 to 15 days of data in 30", "seen: rimidi"),
            2,
            15
        ) with
        {
            ValidFrom = Year2026,
        },
        Anybody(
            new("99457", "rpm", "rpm-management", "Remote monitoring, the first 20 minutes", "seen: rimidi"),
            20
        ) with
        {
            Needs = Rpm,
        },
        Anybody(
            new("99458", "rpm", "rpm-management", "Remote monitoring, each further 20 minutes", "seen: rimidi"),
            20
        ) with
        {
            AddsTo = ["99457"],
            MostUnits = null,
        },
        Anybody(new("99470", "rpm", "rpm-management", "Remote monitoring, 10 to 19 minutes", "seen: rimidi"), 10) with
        {
            To = 19,
            Needs = Rpm,
            ValidFrom = Year2026,
        },
    ];

    private static readonly ImmutableArray<BillingCode> Others =
    [
        Staff(new("99484", "bhi", "bhi", "Behavioral care, 20 minutes", Remembered), 20) with
        {
            Needs = ["consent"],
        },
        Staff(new("99492", "cocm", "cocm", "Collaborative care, the first month", Remembered), 70) with
        {
            Needs = ["consent", "first-month"],
        },
        Staff(new("99493", "cocm", "cocm", "Collaborative care, a later month", Remembered), 60) with
        {
            Needs = ["consent", "later-month"],
        },
        Staff(new("99494", "cocm", "cocm", "Collaborative care, each further half hour", Remembered), 30) with
        {
            AddsTo = ["99492", "99493"],
            MostUnits = 2,
        },
        Staff(new("G0019", "chi", "chi", "Help with social needs, the first hour", Remembered), 60) with
        {
            Needs = ["consent"],
        },
        Staff(new("G0022", "chi", "chi", "Help with social needs, each further half hour", Remembered), 30) with
        {
            AddsTo = ["G0019"],
            MostUnits = null,
        },
        Staff(new("G0023", "pin", "pin", "Guidance through an illness, the first hour", Remembered), 60) with
        {
            Needs = ["consent"],
        },
        Staff(new("G0024", "pin", "pin", "Guidance through an illness, each further half hour", Remembered), 30) with
        {
            AddsTo = ["G0023"],
            MostUnits = null,
        },
    ];

    public static readonly ImmutableArray<BillingCode> Codes =
    [
        .. Chronic,
        .. Principal,
        .. Primary,
        .. Transitional,
        .. Remote,
        .. Others,
    ];

    public static readonly ImmutableArray<BillingExclusion> Exclusions =
    [
        new(["ccm", "complex-ccm", "ccm-practitioner", "pcm", "pcm-practitioner", "apcm"], Remembered),
        new(["apcm", "tcm"], Remembered) { ValidFrom = Year2025 },
        new(["bhi", "cocm", "apcm-behavioral"], Remembered),
    ];

    private static BillingCode Staff(BillingCode code, int from) =>
        code with
        {
            From = from,
            Time = TimeOf.ClinicalStaff,
        };

    private static BillingCode Practitioner(BillingCode code, int from) =>
        code with
        {
            From = from,
            Time = TimeOf.Practitioner,
        };

    private static BillingCode Anybody(BillingCode code, int from) => code with { From = from };

    private static BillingCode Days(BillingCode code, int from, int? to) =>
        code with
        {
            Basis = BillingBasis.DataDays,
            From = from,
            To = to,
            Needs = ["consent"],
        };

    private static BillingCode Month(BillingCode code, DateOnly from) =>
        code with
        {
            Basis = BillingBasis.Month,
            ValidFrom = from,
        };
}
