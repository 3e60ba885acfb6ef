namespace CareCoordination.SampleData;

/// <summary>Invented people and places. Family names are composed, so that they are nobody's and there are thousands.</summary>
internal static class Names
{
    private static readonly string[] FamilyStart =
    [
        "Alder",
        "Bram",
        "Calder",
        "Dray",
        "Elm",
        "Fenn",
        "Gorse",
        "Hazel",
        "Iver",
        "Juni",
        "Kestrel",
        "Lark",
        "Marl",
        "Nettle",
        "Orrin",
        "Pell",
        "Quill",
        "Rowan",
        "Sorrel",
        "Thorn",
        "Umber",
        "Vale",
        "Wren",
        "Yarrow",
        "Zeph",
    ];
    private static readonly string[] FamilyEnd =
    [
        "by",
        "combe",
        "dale",
        "feld",
        "gard",
        "holt",
        "ing",
        "land",
        "mere",
        "more",
        "ridge",
        "sley",
        "stead",
        "ton",
        "wick",
        "wood",
        "worth",
        "é",
        "ström",
        "ez",
    ];
    private static readonly string[] Female =
    [
        "Adela",
        "Bettina",
        "Cora",
        "Delphine",
        "Edda",
        "Fenna",
        "Greta",
        "Hanne",
        "Ilse",
        "Jora",
        "Kaia",
        "Livia",
        "Maren",
        "Nuria",
        "Odile",
        "Petra",
        "Renske",
        "Soraya",
        "Tamsin",
        "Ulla",
        "Vesna",
        "Wilma",
        "Yara",
        "Zoë",
    ];
    private static readonly string[] Male =
    [
        "Anselm",
        "Bastian",
        "Corin",
        "Dario",
        "Edvin",
        "Falk",
        "Gideon",
        "Hanno",
        "Ivo",
        "Jasper",
        "Kasimir",
        "Leopold",
        "Matteo",
        "Nils",
        "Oskar",
        "Pavel",
        "Quentin",
        "Ruben",
        "Stellan",
        "Tobias",
        "Ulrich",
        "Viggo",
        "Wendel",
        "Yannick",
    ];
    private static readonly string[] Streets =
    [
        "Millrace Lane",
        "Harbour Road",
        "Quarry Street",
        "Orchard Way",
        "Lantern Hill",
        "Ferry Row",
        "Station Crescent",
        "Meadow Rise",
    ];
    private static readonly (string City, string PostalCode)[] Cities =
    [
        ("Northmere", "01901"),
        ("Saltford", "01902"),
        ("Greenhollow", "01903"),
        ("Eastwater", "01904"),
        ("Pine Harbor", "01905"),
        ("Old Quarry", "01906"),
    ];

    public static string Family(SampleRandom random) => random.Pick(FamilyStart) + random.Pick(FamilyEnd);

    public static string Given(SampleRandom random, string gender) => random.Pick(gender == "female" ? Female : Male);

    public static string Street(SampleRandom random) => $"{random.Between(1, 240)} {random.Pick(Streets)}";

    public static (string City, string PostalCode) City(SampleRandom random) => random.Pick(Cities);
}
