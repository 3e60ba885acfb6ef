using CareCoordination.Exchange.Deliveries;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Messages;
using CareCoordination.Exchange.Operators;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Sending;

namespace CareCoordination.Exchange;

public static class ExchangeServices
{
    /// <summary>
    /// Adds what goes to partners and comes from them. What is transient belongs to one session, by its reads. Needs the use cases, the settings, the
    /// connectors and <see cref="OwnAddress"/> among the services.
    /// </summary>
    public static IServiceCollection AddCareExchange(this IServiceCollection services) =>
        services
            .AddSingleton<PartnerDirectory>()
            .AddSingleton<PartnerStatuses>()
            .AddSingleton<PartnerDestinations>()
            .AddSingleton(provider => ReferralTopic.Of(provider.GetRequiredService<PartnerDestinations>()))
            .AddSingleton(provider => OutputTopic.Of(provider.GetRequiredService<PartnerDestinations>()))
            .AddSingleton<PartnerSources>()
            .AddSingleton<MessageAttempts>()
            .AddSingleton<QueueTools>()
            .AddSingleton<PartnerPolls>()
            .AddSingleton<PartnerNotifications>()
            .AddSingleton<Hl7Intake>()
            .AddSingleton<Hl7Endpoint>()
            .AddSingleton<MllpLine>()
            .AddSingleton<MllpListener>()
            .AddTransient<DecisionInputs>()
            .AddTransient<MessageBuilder>()
            .AddTransient<InboundApplication>()
            .AddTransient<PartnerMessages>()
            .AddTransient<CopyRefresh>()
            .AddTransient<CopyDeletions>()
            .AddTransient<ReferralSettlement>()
            .AddTransient<ReferralMessages>()
            .AddTransient<OutputFetch>()
            .AddTransient<PartnerHealthReads>()
            .AddTransient<OperatorCommands>()
            .AddTransient<KeptMessages>()
            .AddSingleton<MessageReplays>()
            .AddHostedService<OutboxWorker>()
            .AddHostedService<PartnerPoller>()
            .AddHostedService(provider => provider.GetRequiredService<PartnerNotifications>())
            .AddHostedService(provider => provider.GetRequiredService<MllpListener>());
}
