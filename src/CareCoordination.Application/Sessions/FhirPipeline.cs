using System.Reflection;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>MediatR as this server uses it: one handler for each interaction, and one behaviour around all of them.</summary>
public static class FhirPipeline
{
    /// <param name="assemblies">Where interactions and their handlers are.</param>
    public static IServiceCollection AddFhirInteractions(
        this IServiceCollection services,
        params IEnumerable<Assembly> assemblies
    )
    {
        // Scoped, so that nothing that outlives a session can ask without one. What is made once in a session anyway is transient:
        // that spares the entry in the scope's table.
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();
        foreach (var (request, handler) in assemblies.SelectMany(Handlers))
        {
            services.AddTransient(typeof(IRequestHandler<,>).MakeGenericType(request, typeof(FhirResponse)), handler);
            services.AddTransient(
                typeof(IPipelineBehavior<,>).MakeGenericType(request, typeof(FhirResponse)),
                typeof(AnswerBehavior<>).MakeGenericType(request)
            );
        }

        return services;
    }

    private static IEnumerable<(Type Request, Type Handler)> Handlers(Assembly assembly) =>
        from type in assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false }
        from contract in type.GetInterfaces()
        where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
        select (contract.GetGenericArguments()[0], type);
}
