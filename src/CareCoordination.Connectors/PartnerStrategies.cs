using System.Collections.Immutable;
using CareCoordination.Connectors.Strategies;
using CareCoordination.Connectors.Strategies.DirectLight;
using CareCoordination.Connectors.Strategies.Hl7V2;
using CareCoordination.Connectors.Strategies.MessageBundle;
using CareCoordination.Connectors.Strategies.NotifyAndPull;
using CareCoordination.Connectors.Strategies.TaskPush;
using CareCoordination.Connectors.Strategies.TransactionBundle;

namespace CareCoordination.Connectors;

/// <summary>The ways in which partners can be told of referrals.</summary>
public static class PartnerStrategies
{
    public static readonly ImmutableArray<PartnerStrategy> All =
    [
        new TaskPushStrategy(),
        new NotifyAndPullStrategy(),
        new TransactionBundleStrategy(),
        new MessageBundleStrategy(),
        new Hl7V2Strategy(),
        new DirectLightStrategy(),
    ];

    /// <summary>By its name, whatever the case of its letters; null where there is none.</summary>
    public static PartnerStrategy? Find(string name) =>
        All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InvalidOperationException">There is none of that name: settings are held to <see cref="Find"/>.</exception>
    public static PartnerStrategy Get(string name) =>
        Find(name) ?? throw new InvalidOperationException($"{name} is no strategy.");
}
