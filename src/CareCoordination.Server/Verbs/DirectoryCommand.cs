using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Stores;
using CareCoordination.Storage;
using CareCoordination.Storage.Connections;

namespace CareCoordination.Server.Verbs;

/// <summary>What <c>clients</c> and <c>users</c> share: an action, the name it is about, and a database in the form it has to have.</summary>
internal sealed class DirectoryCommand(string verb, IReadOnlyDictionary<string, string[]> actions)
{
    /// <param name="run">Does what is asked for; a sentence of what is refused comes as a failure.</param>
    /// <param name="flags">Options that are words by themselves.</param>
    public async Task<int> RunAsync(
        string[] args,
        string[] flags,
        Func<IServiceProvider, Asked, Task<Result<string>>> run
    )
    {
        var asked = Read(args, flags, out var settings);
        var builder = ServerStart.Configure(settings);
        if (!EmbeddedOptions.IsOn(builder.Configuration))
            throw new ConfigurationProblem(
                $"'{verb}' is of the authorization server of this program: run it with the settings of the server, of which Security:Mode is Embedded."
            );
        builder.AddFhir(TimeProvider.System);
        builder.AddSignInTables();
        // What is printed is the answer.
        builder.Logging.AddFilter(level => level >= LogLevel.Error);
        await using var app = builder.Build();
        var prepared = await app.Services.GetRequiredService<StorageUpgrade>().PrepareAsync(CancellationToken.None);
        if (
            (prepared.Problem ?? await app.Services.GetRequiredService<SignInMigrator>().PrepareAsync(default)) is
            { } problem
        )
            throw new ConfigurationProblem(problem);
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            var done = await run(scope.ServiceProvider, asked);
            if (done.TryGet(out var text, out var failure))
            {
                await NoteAsync(scope.ServiceProvider, asked, StatusCodes.Status200OK);
                Console.WriteLine(text);
                return 0;
            }

            await NoteAsync(scope.ServiceProvider, asked, failure.Status);
            foreach (var issue in failure.Issues)
                await Console.Error.WriteLineAsync(issue.Diagnostics);
            return 1;
        }
        catch (StoreUnavailableException e)
        {
            await Console.Error.WriteLineAsync(
                $"It may have been done, and the audit trail does not tell of it: look at '{verb} list', and do it again. {e.Message}"
            );
            return 1;
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e))
        {
            var connection = app.Services.GetRequiredService<StorageOptions>().ReadConnection();
            throw new StorageProblemException(ConnectionFailure.Describe(connection, e), e);
        }
    }

    /// <summary>As what is asked below <c>/admin</c>, by whoever runs programs on this machine.</summary>
    private ValueTask NoteAsync(IServiceProvider services, Asked asked, int status) =>
        services
            .GetRequiredService<AuditTrail>()
            .NoteAsync(
                Caller.Operator(verb),
                $"{verb.TrimEnd('s')}-{asked.Action}",
                asked.Name.Length > 0 ? asked.Name : null,
                status
            );

    private Asked Read(string[] args, string[] flags, out CommandLine settings)
    {
        var action = args.FirstOrDefault();
        if (action is null || !actions.TryGetValue(action, out var own))
            throw new ConfigurationProblem(
                $"'{verb}' needs to know what to do: {string.Join(", ", actions.Keys)}. --help tells of them."
            );
        var given = CommandLine.Parse(
            [.. args[1..].Select(a => flags.Contains(a.TrimStart('-')) ? a + "=true" : a)],
            own
        );
        var isList = action == "list";
        if (isList ? given.Words.Length > 0 : given.Words.Length != 1)
            throw new ConfigurationProblem(
                isList
                    ? $"'{verb} list' takes no name."
                    : $"'{verb} {action}' needs one name, as '{verb} list' tells it."
            );
        settings = given with { Settings = [.. given.Settings.Where(s => !own.Contains(s.Key))] };
        return new Asked(
            action,
            given.Words.FirstOrDefault() ?? "",
            given.Settings.Where(s => own.Contains(s.Key)).ToLookup(s => s.Key, s => s.Value)
        );
    }

    /// <param name="Name">Whom or what it is about; empty for a list.</param>
    internal sealed record Asked(string Action, string Name, ILookup<string, string> Options)
    {
        public string? Text(string option) => Options[option].LastOrDefault();

        public bool Says(string flag) => Options[flag].Any();

        /// <summary>What is given with commas, or by saying the option again.</summary>
        public string[] List(string option) =>
            [
                .. Options[option]
                    .SelectMany(v =>
                        v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    ),
            ];
    }
}
