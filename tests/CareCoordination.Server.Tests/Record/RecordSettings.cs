namespace CareCoordination.Server.Tests.Record;

/// <summary>Where the server is, and by which rules it works: other zones and other numbers for other organisations and days.</summary>
internal sealed class RecordSettings
{
    private static readonly DateOnly Ever = new(2020, 1, 1);
    private static readonly DateOnly Spring = new(2026, 3, 20);

    /// <summary>Of the server, and of one organisation.</summary>
    private static readonly (string Server, string West)[] Zones =
    [
        ("America/New_York", "America/Los_Angeles"),
        ("UTC", "Pacific/Kiritimati"),
        ("Asia/Kolkata", "Pacific/Pago_Pago"),
        ("Europe/London", "Pacific/Auckland"),
        ("America/Havana", "Asia/Beirut"),
    ];

    /// <param name="number">Which of the zones.</param>
    public RecordSettings(int number)
    {
        var (zone, west) = Zones[number % Zones.Length];
        Server = new Policy(
            zone,
            new CaseloadRule(
                Ever,
                3,
                9,
                3,
                new()
                {
                    ["low"] = 1,
                    ["moderate"] = 2,
                    ["high"] = 4,
                }
            ),
            new CaseloadRule(
                Spring,
                4,
                12,
                1,
                new()
                {
                    ["low"] = 2,
                    ["moderate"] = 3,
                    ["high"] = 5,
                }
            )
        );
        West = new Policy(west, [.. Server.Rules.Select(r => r with { MostPatients = 2 })]);
        Options =
        [
            $"--Care:TimeZone={zone}",
            "--Care:Rules:0:MostPatients=3",
            "--Care:Rules:0:MostPoints=9",
            "--Care:Rules:1:EffectiveFrom=2026-03-20",
            "--Care:Rules:1:MostPatients=4",
            "--Care:Rules:1:MostPoints=12",
            "--Care:Rules:1:TransitionPoints=1",
            "--Care:Rules:1:TierPoints:low=2",
            "--Care:Rules:1:TierPoints:moderate=3",
            "--Care:Rules:1:TierPoints:high=5",
            $"--Care:Organizations:west:TimeZone={west}",
            "--Care:Organizations:west:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Organizations:west:Rules:0:MostPatients=2",
            "--Deliveries:Enabled=false",
            "--Deliveries:Polling=false",
        ];
    }

    public Policy Server { get; }

    /// <summary>What it says itself comes on top of what is common.</summary>
    public Policy West { get; }

    public string[] Options { get; }
}
