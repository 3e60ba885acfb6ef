using CareCoordination.PartnerSimulator;

namespace CareCoordination.Load.Soak;

/// <summary>What a soak is asked for.</summary>
/// <param name="Partner">A community organisation gets Tasks; an Oracle-like EHR gets transactions, under tokens that end soon.</param>
/// <param name="Answers">So many of the referrals are worked on by the partner, which tells of it while servers are killed.</param>
internal sealed record SoakSettings(
    string Provider,
    int Referrals,
    int Kills,
    int Nodes,
    double FaultShare,
    int Seed,
    TimeSpan Limit,
    PartnerKind Partner,
    int Answers
)
{
    public static SoakSettings From(Arguments arguments) =>
        new(
            arguments["provider", "PostgreSql"],
            arguments.Number("referrals", 10_000),
            arguments.Number("kills", 50),
            arguments.Number("nodes", 1),
            arguments.Number("faults", 30) / 100.0,
            arguments.Number("seed", 1),
            TimeSpan.FromSeconds(arguments.Number("limit", 1800)),
            arguments["partner", "community"] switch
            {
                "community" => PartnerKind.Community,
                "oracle" => PartnerKind.Oracle,
                var other => throw new ArgumentException($"--partner is community or oracle, not {other}."),
            },
            arguments.Number("answers", 0)
        );
}
