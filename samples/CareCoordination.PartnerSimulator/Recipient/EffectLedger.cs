using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>Something that a referral brought about at the partner.</summary>
/// <param name="Referral">The identifier, <c>system|value</c>, by which the sender knows its Task.</param>
/// <param name="Kind"><c>created</c>, <c>updated</c>, or <c>repeated</c>: a repeat that changed nothing.</param>
/// <param name="Copy">The partner's copy, <c>Task/7</c>.</param>
/// <param name="Status">Its status after that.</param>
public sealed record Effect(string Referral, string Kind, string Copy, int Version, string Status);

/// <summary>What came of referrals at the partner, in the order in which it happened: each has to be created once.</summary>
public sealed class EffectLedger
{
    private readonly Lock _gate = new();
    private readonly List<Effect> _effects = [];

    public IReadOnlyList<Effect> All
    {
        get
        {
            lock (_gate)
                return [.. _effects];
        }
    }

    /// <summary>How often each referral was created here.</summary>
    public IReadOnlyDictionary<string, int> Creations =>
        All.Where(e => e.Kind == "created")
            .GroupBy(e => e.Referral, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    /// <param name="referral">The whole identifier, or how it ends: <c>Task|7</c>.</param>
    public IReadOnlyList<Effect> Of(string referral) =>
        [.. All.Where(e => e.Referral.EndsWith(referral, StringComparison.Ordinal))];

    internal void Created(PartnerResource resource) => Add(resource, "created");

    internal void Updated(PartnerResource resource) => Add(resource, "updated");

    internal void Repeat(PartnerResource resource) => Add(resource, "repeated");

    /// <summary>The identifiers of a Task, <c>system|value</c>.</summary>
    internal static IEnumerable<string> Referrals(JsonObject task) =>
        (task["identifier"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(i => $"{Text(i["system"])}|{Text(i["value"])}");

    private void Add(PartnerResource resource, string kind)
    {
        if (resource.Type != "Task")
            return;
        var task = resource.Parse();
        var effect = new Effect(
            Referrals(task).OrderBy(r => !r.Contains("/Task|", StringComparison.Ordinal)).FirstOrDefault("none|none"),
            kind,
            resource.Reference,
            resource.Version,
            Text(task["status"])
        );
        lock (_gate)
            _effects.Add(effect);
    }
}
