using CareCoordination.PartnerSimulator;

namespace CareCoordination.Load.Soak;

/// <summary>What became of the referrals in the end, on both sides.</summary>
/// <param name="Delivered">Here the delivery is done, and at the partner there is one Task of it.</param>
/// <param name="Parked">Not delivered, and a reason is there.</param>
/// <param name="Lost">Neither, or done here and nothing at the partner.</param>
/// <param name="Doubled">More than one Task at the partner.</param>
/// <param name="Strange">Tasks at the partner that no referral accounts for.</param>
internal sealed record SoakVerdict(int Delivered, int Parked, int Lost, int Doubled, int Strange)
{
    public bool IsWell => Lost == 0 && Doubled == 0 && Strange == 0;

    /// <param name="tasks">The Task of each referral.</param>
    public static SoakVerdict Of(
        IEnumerable<string?> tasks,
        IReadOnlyDictionary<string, SoakDelivery> deliveries,
        EffectLedger effects
    )
    {
        var created = effects
            .Creations.GroupBy(c => c.Key[(c.Key.LastIndexOf('|') + 1)..], c => c.Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(), StringComparer.Ordinal);
        var (delivered, parked, lost, doubled, known) = (0, 0, 0, 0, 0);
        foreach (var task in tasks)
        {
            var count = task is null ? 0 : created.GetValueOrDefault(task);
            known += count > 0 ? 1 : 0;
            if (count > 1)
                doubled++;
            var delivery = task is null ? null : deliveries.GetValueOrDefault(task);
            if (delivery is { IsDone: true } && count >= 1)
                delivered++;
            else if (delivery is { IsParked: true, Problem.Length: > 0 })
                parked++;
            else
                lost++;
        }

        return new SoakVerdict(delivered, parked, lost, doubled, created.Count - known);
    }
}

/// <summary>A delivery as the server tells it at the end.</summary>
internal sealed record SoakDelivery(string State, int Attempts, string? Problem)
{
    public bool IsDone => State is "delivered" or "acknowledged";

    public bool IsParked => State is "parked" or "dead";

    /// <summary>Nothing is to be waited for.</summary>
    public bool IsSettled => IsDone || IsParked || State == "superseded";
}
