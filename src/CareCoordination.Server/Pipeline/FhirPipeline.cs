using CareCoordination.Server.Interactions;
using MediatR;

namespace CareCoordination.Server.Pipeline;

/// <summary>MediatR as this server uses it: one handler for each interaction, and three behaviours around all of them.</summary>
public static class FhirPipeline
{
    /// <summary>From the outside in.</summary>
    private static readonly Type[] Behaviors =
    [
        typeof(AuditBehavior<>),
        typeof(AuthorizeBehavior<>),
        typeof(UnitOfWorkBehavior<>),
    ];

    public static IServiceCollection AddFhirInteractions(this IServiceCollection services)
    {
        services.AddSingleton<ServiceFactory>(provider => provider.GetService!);
        services.AddSingleton<IMediator, Mediator>();
        foreach (var (request, handler) in Handlers())
        {
            services.AddSingleton(typeof(IRequestHandler<,>).MakeGenericType(request, typeof(FhirResponse)), handler);
            foreach (var behavior in Behaviors)
                services.AddSingleton(
                    typeof(IPipelineBehavior<,>).MakeGenericType(request, typeof(FhirResponse)),
                    behavior.MakeGenericType(request)
                );
        }

        return services;
    }

    private static IEnumerable<(Type Request, Type Handler)> Handlers() =>
        from type in typeof(FhirInteraction).Assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false }
        from contract in type.GetInterfaces()
        where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
        select (contract.GetGenericArguments()[0], type);
}
