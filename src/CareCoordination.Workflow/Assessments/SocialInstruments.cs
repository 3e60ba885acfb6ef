using System.Collections.Immutable;

namespace CareCoordination.Workflow.Assessments;

/// <summary>The screens for social needs. What of their answers is a need stands in <see cref="SocialNeeds"/>.</summary>
internal static class SocialInstruments
{
    private static readonly Choice Yes = new("LA33-6", "Yes");
    private static readonly Choice No = new("LA32-8", "No");
    private static readonly Choice Rather = new(Instruments.Declined, "I would rather not say");

    private static readonly ImmutableArray<Choice> HowTrue =
    [
        new("LA28397-0", "Often"),
        new("LA6729-3", "Sometimes"),
        new("LA28398-8", "Never"),
    ];

    private static readonly ImmutableArray<Choice> HowFrequent =
    [
        new("LA6270-8", "Never", 1),
        new("LA10066-1", "Rarely", 2),
        new("LA10082-8", "Sometimes", 3),
        new("LA16644-9", "Fairly often", 4),
        new("LA6482-9", "Frequently", 5),
    ];

    public static readonly Instrument Ahc = new(
        "ahc-hrsn",
        "96777-8",
        "AHC screen for health-related social needs, core questions",
        "1",
        [
            Of(
                "71802-3",
                "Where you live now",
                new("LA31993-1", "A place that will last"),
                new("LA31994-9", "A place that I fear to lose"),
                new("LA31995-6", "No place that will last")
            ),
            Of(
                "96778-6",
                "Problems of the place where you live",
                new("LA31996-4", "Insects, mice or other pests"),
                new("LA28580-1", "Mould"),
                new("LA31997-2", "Lead in paint or pipes"),
                new("LA31998-0", "Not enough heat"),
                new("LA31999-8", "No oven or stove that works"),
                new("LA32000-4", "No smoke detector that works"),
                new("LA32001-2", "Leaking water"),
                new("LA9-3", "None of these")
            ) with
            {
                Repeats = true,
            },
            Of("88122-7", "In the last year: afraid that food would run out before there was money for more", HowTrue),
            Of("88123-5", "In the last year: food ran out, and there was no money for more", HowTrue),
            Of("93030-5", "In the last year: no way to get to appointments, work or what you need", Yes, No),
            Of(
                "96779-4",
                "In the last year: power, gas, oil or water company threatened to shut off service",
                Yes,
                No,
                new("LA32002-0", "Shut off already")
            ),
            Of("95618-5", "How often somebody, family included, hurts you", HowFrequent),
            Of("95617-7", "How often somebody insults you or talks you down", HowFrequent),
            Of("95616-9", "How often somebody threatens you with harm", HowFrequent),
            Of("95615-1", "How often somebody screams or curses at you", HowFrequent),
        ]
    )
    {
        IsSocial = true,
        Sums =
        [
            new(
                "ahc-safety",
                "95614-4",
                "Safety total",
                ["95618-5", "95617-7", "95616-9", "95615-1"],
                [new("negative", 0), new("positive", 11)],
                11
            )
            {
                UrgentWhenPositive = AssessmentWork.Violence,
            },
        ],
    };

    private static readonly ImmutableArray<Choice> HowOftenUsed =
    [
        new("LA6270-8", "Never"),
        new("LA26460-8", "Once or twice"),
        new("LA18876-5", "Monthly"),
        new("LA18891-4", "Weekly"),
        new("LA18934-2", "Daily, or nearly so"),
    ];

    private static readonly ImmutableArray<Choice> HowTense =
    [
        new("LA6568-5", "Not at all"),
        new("LA13863-8", "A little"),
        new("LA13909-9", "Somewhat"),
        new("LA13902-4", "Quite a bit"),
        new("LA13914-9", "Very much"),
    ];

    /// <summary>The questions beside the core ones, without those about mood, which are of PHQ-2.</summary>
    public static readonly Instrument AhcSupplement = new(
        "ahc-hrsn-supplement",
        "97023-6",
        "AHC screen for health-related social needs, supplemental questions",
        "1",
        [
            Of(
                "76513-1",
                "How hard it is to pay for what you need most: food, home, health care, heating",
                new("LA15832-1", "Very hard"),
                new("LA22683-9", "Somewhat hard"),
                new("LA31980-8", "Not hard at all")
            ),
            Of(
                "96780-2",
                "Wants help to find or keep work",
                new("LA31981-6", "Yes, to find work"),
                new("LA31982-4", "Yes, to keep work"),
                new("LA31983-2", "No help wanted")
            ),
            Of(
                "96781-0",
                "Where day-to-day help is needed, such as bathing, meals, shopping: who gives it",
                new("LA31976-6", "No help is needed"),
                new("LA31977-4", "All the help that is needed is there"),
                new("LA31978-2", "A little more help would do good"),
                new("LA31979-0", "Much more help is needed")
            ),
            Of(
                "93159-2",
                "How often you feel lonely or left out",
                new("LA6270-8", "Never"),
                new("LA10066-1", "Rarely"),
                new("LA10082-8", "Sometimes"),
                new("LA10044-8", "Often"),
                new("LA9933-8", "Always")
            ),
            Of("97027-7", "Another language than English is spoken at home", Yes, No),
            Of("96782-8", "Wants help with school or training, as for a job or a certificate", Yes, No),
            new("89555-7", "In the last month: days of a week with exercise of some effort", "integer"),
            new("68516-4", "Minutes of exercise on such a day", "integer"),
            Of("68517-2", "In the last year: five drinks or more (women and men over 65: four) on a day", HowOftenUsed),
            Of("96842-0", "In the last year: tobacco of any kind", HowOftenUsed),
            Of(
                "95530-2",
                "In the last year: prescribed medicine for other reasons than it was prescribed for",
                HowOftenUsed
            ),
            Of("68524-8", "In the last year: illegal drugs", HowOftenUsed),
            Of("93038-8", "How tense, nervous or sleepless with worry you are", HowTense),
            Of("69858-9", "Serious trouble to concentrate, remember or decide, for reasons of health", Yes, No),
            Of("69861-3", "Trouble to do errands alone, for reasons of health", Yes, No),
        ]
    )
    {
        IsSocial = true,
    };

    public static readonly Instrument Prapare = new(
        "prapare",
        "93025-5",
        "PRAPARE, risks and assets of a patient's life",
        "1",
        [
            Of("56051-6", "Hispanic or Latino", Yes, No, Rather),
            Of("93035-4", "Seasonal or migrant farm work is the main income of the household", Yes, No, Rather),
            Of("93034-7", "Has served in the armed forces", Yes, No, Rather),
            Of("54899-0", "Language", new("LA43-5", "English"), new("LA30188-9", "Another one"), Rather),
            new("63512-8", "How many people live in the household", "integer"),
            Of("71802-3", "Housing", new("LA30189-7", "Has a home"), new("LA30190-5", "Has no home"), Rather),
            Of("93033-9", "Fears to lose the home", Yes, No, Rather),
            Of(
                "82589-3",
                "Schooling",
                new("LA30191-3", "Less than high school"),
                new("LA30192-1", "High school"),
                new("LA30193-9", "More than high school"),
                Rather
            ),
            Of(
                "67875-5",
                "Work",
                new("LA17956-6", "Looking for work"),
                new("LA30138-4", "Part time, or for a time"),
                new("LA30136-8", "Full time"),
                new("LA30137-6", "Not working and not looking for it"),
                Rather
            ),
            Of(
                "76437-3",
                "Health insurance",
                new("LA30194-7", "None"),
                new("LA17849-3", "Medicaid"),
                new("LA30195-4", "CHIP by Medicaid"),
                new("LA15652-3", "Medicare"),
                new("LA30196-2", "Another public one"),
                new("LA30197-0", "Public, CHIP"),
                new("LA6350-8", "Private")
            ),
            new("63586-2", "Income of the household in the last year, in US dollars", "decimal"),
            Of(
                "93031-3",
                "In the last year: what the household could not get when it was needed",
                new("LA30125-1", "Food"),
                new("LA30126-9", "Clothing"),
                new("LA30124-4", "Power, gas or water"),
                new("LA30127-7", "Child care"),
                new("LA30128-5", "Medicine or health care"),
                new("LA30129-3", "Phone"),
                new("LA46-8", "Something else"),
                Rather
            ) with
            {
                Repeats = true,
            },
            Of(
                "93030-5",
                "What the lack of a ride has kept you from",
                new("LA30133-5", "Health care, or medicine"),
                new("LA30134-3", "Work, meetings or other things"),
                No,
                new(Instruments.Unable, "The patient cannot say"),
                Rather
            ) with
            {
                Repeats = true,
            },
            Of(
                "93029-7",
                "How often you speak with people whom you care for",
                new("LA27722-0", "Less than once a week"),
                new("LA30130-1", "Once or twice a week"),
                new("LA30131-9", "Three to five times a week"),
                new("LA30132-7", "More often"),
                Rather
            ),
            Of("93038-8", "How tense, nervous or sleepless with worry you are", [.. HowTense, Rather]),
            Of("93028-9", "In the last year: more than two nights in jail or the like", Yes, No, Rather),
            Of("93027-1", "A refugee", Yes, No, Rather),
            Of("93026-3", "Safe in body and mind where you live", Yes, No, new("LA14072-5", "Not sure"), Rather),
            Of("76501-6", "In the last year: afraid of a partner or a former one", Yes, No, Rather),
        ]
    )
    {
        IsSocial = true,
        Urgent =
        [
            new("93026-3", ["LA32-8"], AssessmentWork.Violence),
            new("93026-3", ["LA14072-5"], AssessmentWork.SafetyReview),
            new("76501-6", ["LA33-6"], AssessmentWork.Violence),
        ],
    };

    private static Question Of(string code, string text, params ImmutableArray<Choice> choices) =>
        new(code, text, "choice", choices);
}
