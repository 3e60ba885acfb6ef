using CareCoordination.Access.Roles;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Http;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;

namespace CareCoordination.SignIn.Administration;

/// <summary>
/// Clients and users by REST, for administrators: what the verbs <c>clients</c> and <c>users</c> do, without a shell on the server.
/// </summary>
internal static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("/admin").WithMetadata(new NeedsRole([CareRole.Administrator]));
        MapClients(routes.MapGroup("/clients"));
        MapUsers(routes.MapGroup("/users"));
    }

    private static void MapClients(RouteGroupBuilder routes)
    {
        routes.MapGet(
            "",
            (HttpContext context, AdministrationDesk desk, ClientDirectory clients) =>
                desk.AnswerAsync(
                    context,
                    "client-list",
                    null,
                    async () => (await clients.ListAsync(context.RequestAborted)).Select(ClientRegistration.Of).ToList()
                )
        );
        routes.MapPost("", AddClientAsync);
        routes.MapGet(
            "/{id}",
            (HttpContext context, AdministrationDesk desk, ClientDirectory clients, string id) =>
                desk.AnswerAsync(
                    context,
                    "client-read",
                    id,
                    async () =>
                        await clients.FindAsync(id, context.RequestAborted) is { } client
                            ? ClientRegistration.Of(client)
                            : Failure.NotFound("There is no such client.")
                )
        );
        routes.MapDelete(
            "/{id}",
            (HttpContext context, AdministrationDesk desk, ClientDirectory clients, string id) =>
                desk.AnswerAsync(
                    context,
                    "client-remove",
                    id,
                    async () => Nothing(await clients.RemoveAsync(id, context.RequestAborted))
                )
        );
        MapClientChanges(routes);
    }

    private static void MapClientChanges(RouteGroupBuilder routes)
    {
        foreach (var (action, isDisabled) in new[] { ("disable", true), ("enable", false) })
            routes.MapPost(
                "/{id}/" + action,
                (HttpContext context, AdministrationDesk desk, ClientDirectory clients, string id) =>
                    desk.AnswerAsync(
                        context,
                        "client-" + action,
                        id,
                        async () => Nothing(await clients.DisableAsync(id, isDisabled, context.RequestAborted))
                    )
            );
        routes.MapPost(
            "/{id}/rotate-secret",
            (HttpContext context, AdministrationDesk desk, ClientDirectory clients, string id) =>
                desk.AnswerAsync(
                    context,
                    "client-rotate-secret",
                    id,
                    async () =>
                        (await clients.RotateSecretAsync(id, context.RequestAborted)).Then<object?>(
                            secret => new ClientRegistration { ClientId = id, ClientSecret = secret }
                        )
                )
        );
    }

    private static async Task AddClientAsync(HttpContext context, AdministrationDesk desk, ClientDirectory clients)
    {
        var read = await AdministrationDesk.ReadAsync<ClientRegistration>(context);
        await desk.AnswerAsync(
            context,
            "client-add",
            read.IsSuccess ? read.Value.ClientId : null,
            async () =>
            {
                if (!read.TryGet(out var sent, out var failure) || !sent.ToRecord().TryGet(out var client, out failure))
                    return failure;
                return (await clients.AddAsync(client, context.RequestAborted)).Then<object?>(secret =>
                    ClientRegistration.Of(client) with
                    {
                        ClientSecret = secret.Length > 0 ? secret : null,
                    }
                );
            }
        );
    }

    private static void MapUsers(RouteGroupBuilder routes)
    {
        routes.MapGet(
            "",
            (HttpContext context, AdministrationDesk desk, UserDirectory users) =>
                desk.AnswerAsync(
                    context,
                    "user-list",
                    null,
                    async () => (await users.ListAsync(context.RequestAborted)).Select(UserRegistration.Of).ToList()
                )
        );
        routes.MapPost("", AddUserAsync);
        routes.MapGet(
            "/{name}",
            (HttpContext context, AdministrationDesk desk, UserDirectory users, string name) =>
                desk.AnswerAsync(
                    context,
                    "user-read",
                    null,
                    async () =>
                        await users.FindAsync(name) is { } user ? UserRegistration.Of(user) : UserDirectory.NoUser
                )
        );
        foreach (
            var (action, act) in new (string, Func<UserDirectory, string, UserChange, Task<Failure?>>)[]
            {
                ("disable", (users, name, _) => users.DisableAsync(name, isDisabled: true)),
                ("enable", (users, name, _) => users.DisableAsync(name, isDisabled: false)),
                ("unlock", (users, name, _) => users.UnlockAsync(name)),
                ("reset-totp", (users, name, _) => users.ResetCodesAsync(name)),
                ("set-password", (users, name, change) => users.SetPasswordAsync(name, change.Password ?? "")),
                ("set-roles", SetRolesAsync),
            }
        )
            routes.MapPost("/{name}/" + action, Change("user-" + action, act));
    }

    private static async Task AddUserAsync(HttpContext context, AdministrationDesk desk, UserDirectory users)
    {
        var read = await AdministrationDesk.ReadAsync<UserRegistration>(context);
        UserRecord? added = null;
        await desk.AnswerAsync(
            context,
            "user-add",
            null,
            async () =>
            {
                if (!read.TryGet(out var sent, out var failure) || !sent.ToRecord().TryGet(out var user, out failure))
                    return failure;
                if (await users.AddAsync(user, sent.Password ?? "") is { } refused)
                    return refused;
                added = await users.FindAsync(user.Name);
                return UserRegistration.Of(added!);
            }
        );
    }

    private static Delegate Change(string what, Func<UserDirectory, string, UserChange, Task<Failure?>> act) =>
        async (HttpContext context, AdministrationDesk desk, UserDirectory users, string name) =>
        {
            var hasBody = what is "user-set-password" or "user-set-roles";
            var read = hasBody ? await AdministrationDesk.ReadAsync<UserChange>(context) : new UserChange();
            var user = await users.FindAsync(name);
            await desk.AnswerAsync(
                context,
                what,
                user?.Id,
                async () =>
                {
                    if (!read.TryGet(out var change, out var failure))
                        return failure;
                    // Who may do what is decided by somebody else than who gets it.
                    if (what is "user-set-roles" && user?.Id == desk.CallerOf(context).Subject)
                        return Failure.From(
                            403,
                            IssueCode.Forbidden,
                            "Nobody changes their own roles: another administrator does."
                        );
                    return Nothing(user is null ? UserDirectory.NoUser : await act(users, name, change));
                }
            );
        };

    private static async Task<Failure?> SetRolesAsync(UserDirectory users, string name, UserChange change) =>
        UserRules.Roles(change.Roles ?? []).TryGet(out var roles, out var unknown)
            ? await users.SetRolesAsync(name, roles)
            : unknown;

    private static Result<object?> Nothing(Failure? refused)
    {
        if (refused is not null)
            return refused;
        return (object?)null;
    }
}
