using System.Collections.Immutable;

namespace CareCoordination.Workflow.Assessments;

/// <summary>The instruments that are served and scored, as tables. Codes are those of LOINC; all texts are our own.</summary>
public static class Instruments
{
    public const string Loinc = "http://loinc.org";

    private const string Sct = "http://snomed.info/sct";

    /// <summary>I choose not to answer.</summary>
    public const string Declined = "LA30122-8";

    /// <summary>The patient cannot answer.</summary>
    public const string Unable = "LA30257-2";

    public static readonly ImmutableArray<string> NotAnswers = [Declined, Unable];

    private static readonly ImmutableArray<Choice> HowOften =
    [
        new("LA6568-5", "Never", 0),
        new("LA6569-3", "On several days", 1),
        new("LA6570-1", "On more than half of the days", 2),
        new("LA6571-9", "Nearly every day", 3),
    ];

    private static readonly Question Interest = Often("44250-9", "Little interest or joy in what you do");

    private static readonly Question Mood = Often("44255-8", "Low, sad or hopeless mood");

    private static readonly ImmutableArray<string> Phq2Items = ["44250-9", "44255-8"];

    private static readonly ImmutableArray<string> Phq9Items =
    [
        .. Phq2Items,
        "44259-0",
        "44254-1",
        "44251-7",
        "44258-2",
        "44252-5",
        "44253-3",
        "44260-8",
    ];

    private static readonly ImmutableArray<string> Gad7Items =
    [
        "69725-0",
        "68509-9",
        "69733-4",
        "69734-2",
        "69735-9",
        "69689-8",
        "69736-7",
    ];

    private static readonly Finding Depression = new(Sct, "35489007", "Depression is suspected after a screen");

    public static readonly Instrument Phq2 = new(
        "phq-2",
        "55757-9",
        "PHQ-2, a short screen for depression",
        "1",
        [Interest, Mood]
    )
    {
        Sums =
        [
            new("phq-2", "55758-7", "PHQ-2 total", Phq2Items, [new("negative", 0), new("positive", 3)], 3)
            {
                FollowedBy = "phq-9",
            },
        ],
    };

    public static readonly Instrument Phq9 = new(
        "phq-9",
        "44249-1",
        "PHQ-9, depression",
        "1",
        [
            Interest,
            Mood,
            Often("44259-0", "Trouble with sleep, or too much of it"),
            Often("44254-1", "Tired, with little energy"),
            Often("44251-7", "Little appetite, or eating too much"),
            Often("44258-2", "Feeling like a failure, or a disappointment to others"),
            Often("44252-5", "Trouble keeping the mind on something"),
            Often("44253-3", "Slowed down, or restless, so that others notice"),
            Often("44260-8", "Thoughts that it would be better to be dead, or of hurting yourself"),
            new(
                "69722-7",
                "How hard these problems made work, home and company",
                "choice",
                new("LA6572-7", "Not hard"),
                new("LA6573-5", "Somewhat hard"),
                new("LA6575-0", "Very hard"),
                new("LA6574-3", "Extremely hard")
            ),
        ]
    )
    {
        Sums =
        [
            new(
                "phq-9",
                "44261-6",
                "PHQ-9 total",
                Phq9Items,
                [
                    new("minimal", 0),
                    new("mild", 5),
                    new("moderate", 10),
                    new("moderately-severe", 15),
                    new("severe", 20),
                ],
                10
            )
            {
                Suggests = Depression,
            },
        ],
        Urgent = [new("44260-8", ["LA6569-3", "LA6570-1", "LA6571-9"], AssessmentWork.SelfHarm)],
    };

    public static readonly Instrument Gad7 = new(
        "gad-7",
        "69737-5",
        "GAD-7, anxiety",
        "1",
        [
            Often("69725-0", "Nervous, anxious or on edge"),
            Often("68509-9", "Not able to stop worrying"),
            Often("69733-4", "Worrying about too many things"),
            Often("69734-2", "Hard to relax"),
            Often("69735-9", "Too restless to sit still"),
            Often("69689-8", "Easily annoyed"),
            Often("69736-7", "Afraid, as if something terrible could happen"),
        ]
    )
    {
        Sums =
        [
            new(
                "gad-7",
                "70274-6",
                "GAD-7 total",
                Gad7Items,
                [new("minimal", 0), new("mild", 5), new("moderate", 10), new("severe", 15)],
                10
            )
            {
                Suggests = new(Sct, "21897009", "An anxiety disorder is suspected after a screen"),
            },
        ],
    };

    /// <summary>Morse left the bounds of the bands to each site; 46 to 49 cannot be reached.</summary>
    public static readonly Instrument Morse = new(
        "morse",
        "59453-1",
        "Morse fall scale",
        "1",
        [
            YesNo("59454-9", "A fall, now or within three months", 25),
            YesNo("59455-6", "More than one diagnosis", 15),
            new(
                "59456-4",
                "What helps with walking",
                "choice",
                Own("aid-none", "Nothing, bed rest, or a nurse", 0),
                Own("aid-stick", "Crutches, a cane or a walker", 15),
                Own("aid-furniture", "Holding on to furniture", 30)
            ),
            YesNo("59457-2", "An infusion, or a lock for one", 20),
            new(
                "59458-0",
                "How the patient walks",
                "choice",
                Own("gait-normal", "As usual, on bed rest, or in a wheelchair", 0),
                Own("gait-weak", "Weak", 10),
                Own("gait-impaired", "Impaired", 20)
            ),
            new(
                "59459-8",
                "How the patient judges what they are able to do",
                "choice",
                Own("judgement-sound", "Knows the limits", 0),
                Own("judgement-forgets", "Forgets or overrates", 15)
            ),
        ]
    )
    {
        Sums =
        [
            new(
                "morse",
                "59460-6",
                "Morse fall scale total",
                ["59454-9", "59455-6", "59456-4", "59457-2", "59458-0", "59459-8"],
                [
                    new("low", 0) { Level = "LA13038-7" },
                    new("moderate", 25) { Level = "LA13039-5" },
                    new("high", 46) { Level = "LA13040-3" },
                ],
                46
            )
            {
                Level = "59461-4",
                Suggests = new(Sct, "129839007", "At risk of falling"),
            },
        ],
    };

    private static readonly Instrument AhcSupplement = SocialInstruments.AhcSupplement with
    {
        Questions = [.. SocialInstruments.AhcSupplement.Questions, Interest, Mood],
        Sums = Phq2.Sums,
    };

    public static readonly ImmutableArray<Instrument> All =
    [
        Phq2,
        Phq9,
        Gad7,
        SocialInstruments.Ahc,
        AhcSupplement,
        SocialInstruments.Prapare,
        Morse,
    ];

    public static Instrument? Find(string code) => All.FirstOrDefault(i => i.Code == code);

    private static Question Often(string code, string text) => new(code, text, "choice", HowOften);

    private static Question YesNo(string code, string text, int points) =>
        new(code, text, "choice", new Choice("LA33-6", "Yes", points), new Choice("LA32-8", "No", 0));

    private static Choice Own(string code, string text, int points) =>
        new(code, text, points) { System = Elements.CareExtensions.AnswerSystem };
}
