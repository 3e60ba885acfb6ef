namespace CareCoordination.Server.Tests.Record;

/// <summary>Where the server is, and by which rules it works: other zones and other numbers for other organisations and days.</summary>
internal static class RecordSettings
{
    public const string Zone = "America/New_York";
    public const string WestZone = "America/Los_Angeles";

    /// <summary>The rules are those of <see cref="Policy"/>.</summary>
    public static readonly string[] All =
    [
        $"--Care:TimeZone={Zone}",
        "--Care:Rules:0:MostPatients=3",
        "--Care:Rules:0:MostPoints=9",
        "--Care:Rules:1:EffectiveFrom=2026-03-20",
        "--Care:Rules:1:MostPatients=4",
        "--Care:Rules:1:MostPoints=12",
        "--Care:Rules:1:TransitionPoints=1",
        "--Care:Rules:1:TierPoints:low=2",
        "--Care:Rules:1:TierPoints:moderate=3",
        "--Care:Rules:1:TierPoints:high=5",
        "--Care:Rules:1:Transitions:LatestDays=36600",
        $"--Care:Organizations:west:TimeZone={WestZone}",
        "--Care:Organizations:west:Rules:0:EffectiveFrom=2020-01-01",
        "--Care:Organizations:west:Rules:0:MostPatients=2",
        "--Care:Organizations:west:Rules:0:Transitions:LatestDays=36600",
        "--Deliveries:Enabled=false",
        "--Deliveries:Polling=false",
    ];
}
