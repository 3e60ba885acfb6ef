using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>A quantity that is followed over time, with the span its values are drawn from.</summary>
internal sealed record Measure(
    Concept Code,
    Concept Category,
    int Low,
    int High,
    int Decimals,
    string Unit,
    string Ucum
)
{
    public decimal Draw(SampleRandom random)
    {
        var scale = Decimals == 0 ? 1 : 10;
        return decimal.Divide(random.Between(Low * scale, High * scale), scale);
    }
}

/// <summary>A reason to coordinate care: the condition, what is measured, what is aimed at, and what is done.</summary>
/// <param name="Target">The goal's upper (or, for saturation, lower) bound of <paramref name="Followed"/>.</param>
internal sealed record Programme(
    string Title,
    Concept Condition,
    Measure Followed,
    string GoalText,
    int Target,
    Concept Referral,
    string Service,
    IReadOnlyList<string> Activities
);

internal static class Programmes
{
    public static readonly Measure Weight = new(BodyWeight, VitalSigns, 52, 124, 1, "kg", "kg");
    public static readonly Measure Pulse = new(HeartRate, VitalSigns, 54, 108, 0, "beats/minute", "/min");

    public static readonly IReadOnlyList<Programme> All =
    [
        new(
            "Living with heart failure",
            new(Snomed, "84114007", "Heart failure"),
            new(Bnp, Laboratory, 110, 2900, 0, "pg/mL", "pg/mL"),
            "NT-proBNP below 900 pg/mL",
            900,
            new(Snomed, "183519002", "Referral to cardiology"),
            "Heart failure clinic",
            ["Weigh daily and report a gain of two kilograms", "Review diuretic dose", "Low-salt diet coaching"]
        ),
        new(
            "Breathing better with COPD",
            new(Snomed, "13645005", "Chronic obstructive lung disease"),
            new(OxygenSaturation, VitalSigns, 84, 99, 0, "%", "%"),
            "Oxygen saturation at or above 92 %",
            92,
            new(Snomed, "3457005", "Referral to pulmonary rehabilitation"),
            "Pulmonary rehabilitation",
            ["Check inhaler technique", "Offer help to stop smoking", "Agree on an action plan for flare-ups"]
        ),
        new(
            "Type 2 diabetes self-management",
            new(Snomed, "44054006", "Type 2 diabetes"),
            new(HemoglobinA1c, Laboratory, 5, 11, 1, "%", "%"),
            "HbA1c below 7 %",
            7,
            new(Snomed, "306163007", "Referral to dietitian"),
            "Diabetes education",
            ["HbA1c every three months", "Foot examination", "Retinal screening", "Coaching call"]
        ),
        new(
            "Blood pressure under control",
            new(Snomed, "59621000", "Hypertension"),
            new(HeartRate, VitalSigns, 54, 108, 0, "beats/minute", "/min"),
            "Resting pulse below 80 per minute",
            80,
            new(Snomed, "306163007", "Referral to dietitian"),
            "Nutrition counselling",
            ["Home blood pressure readings twice a week", "Review of medication", "Walking programme"]
        ),
        new(
            "Way out of depression",
            new(Snomed, "35489007", "Depression"),
            new(Phq9, Survey, 2, 24, 0, "score", "{score}"),
            "PHQ-9 below 5",
            5,
            new(Snomed, "306227000", "Referral for mental health care"),
            "Behavioral health",
            ["PHQ-9 every two weeks", "Weekly call by the care manager", "Safety plan agreed"]
        ),
        new(
            "Food and housing needs",
            new(Snomed, "733423003", "Food insecurity"),
            Weight,
            "Weight kept below 90 kg with regular meals",
            90,
            new(Snomed, "713109004", "Referral to community food service"),
            "Community food support",
            ["Screen for social needs", "Apply for food benefits", "Follow up on delivered meals"]
        ),
    ];
}
