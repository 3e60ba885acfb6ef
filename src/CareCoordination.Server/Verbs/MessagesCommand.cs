using System.IO.Pipelines;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.Storage;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>messages list|show|replay|discard</c>: messages about stays that were refused or are parked, by this process, beside servers that run
/// or without. What came is printed only where it is asked for: it is about a patient. Ends with 1 where the answer is a refusal.
/// </summary>
internal static class MessagesCommand
{
    private const string Content = "content";

    private static readonly Caller Asking = Caller.Operator("messages");

    /// <summary>The options of each action.</summary>
    private static readonly Dictionary<string, string[]> Options = new(StringComparer.Ordinal)
    {
        ["list"] = ["state", "sender"],
        ["show"] = [Content],
        ["replay"] = ["file", "patient", "by", "reason"],
        ["discard"] = ["by", "reason"],
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var action = args.FirstOrDefault();
        if (action is null || !Options.TryGetValue(action, out var own))
            throw new ConfigurationProblem(
                $"'messages' needs to know what to do: {string.Join(", ", Options.Keys)}. --help tells of them."
            );
        // A word by itself: that it is said is all that it says.
        var given = CommandLine.Parse([.. args[1..].Select(a => a == $"--{Content}" ? $"--{Content}=true" : a)], own);
        var asked = Read(action, own, given);
        var builder = ServerStart.Configure(
            given with
            {
                Settings = [.. given.Settings.Where(s => !own.Contains(s.Key))],
            }
        );
        builder.AddFhir(TimeProvider.System);
        builder.AddPartners(TimeProvider.System);
        // Nothing listens here: messages are read as the server reads them that has these settings.
        var url = Exposure.Urls(builder.Configuration)[0];
        builder.Services.AddSingleton(services => new OwnAddress(() =>
            ListeningAddress.Base(services.GetRequiredService<ServerOptions>(), url)
        ));
        // What is printed is the answer.
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        await using var app = builder.Build();
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();
        return await RunAsync(app.Services, asked);
    }

    /// <summary>An operation, and what it is asked with.</summary>
    private sealed record Asked(string Operation, ParametersEditor Parameters)
    {
        public bool ShowsContent { get; init; }

        /// <summary>True where every page is wanted.</summary>
        public bool IsList { get; init; }
    }

    private static Asked Read(string action, string[] own, CommandLine given)
    {
        var options = given.Settings.Where(s => own.Contains(s.Key)).ToDictionary(s => s.Key, s => s.Value);
        var parameters = new ParametersEditor();
        if (action != "list")
        {
            if (given.Words is not [var id])
                throw new ConfigurationProblem(
                    $"'messages {action}' needs the id of one message, as 'messages list' tells it."
                );
            parameters.Parameter.Add(new() { Name = "message", ValueString = id });
        }
        else if (given.Words is [var word, ..])
        {
            throw new ConfigurationProblem($"'{word}' means nothing here: 'messages list' takes --state and --sender.");
        }

        foreach (var (name, value) in options)
            parameters.Parameter.Add(Parameter(name, value));
        return new Asked(
            action switch
            {
                "replay" => "$replay-message",
                "discard" => "$discard-message",
                _ => "$transition-messages",
            },
            parameters
        )
        {
            ShowsContent = options.ContainsKey(Content),
            IsList = action == "list",
        };
    }

    private static ParametersParameterEditor Parameter(string name, string value) =>
        name switch
        {
            "file" => new() { Name = Content, ValueBase64Binary = Convert.ToBase64String(BytesOf(value)) },
            "patient" => new()
            {
                Name = name,
                ValueReference = new() { Reference = value },
            },
            "by" => new()
            {
                Name = "practitioner",
                ValueReference = new() { Reference = value },
            },
            Content => new() { Name = name, ValueBoolean = value == "true" },
            "state" => new() { Name = name, ValueCode = value },
            _ => new() { Name = name, ValueString = value },
        };

    private static byte[] BytesOf(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblem(
                $"--file is '{path}'; it must be a file that can be read ({problem.Message})."
            );
        }
    }

    /// <summary>What waits for somebody, where no state is named: refused or parked.</summary>
    private static async Task<int> RunAsync(IServiceProvider services, Asked asked)
    {
        if (!asked.IsList)
            return await TellAsync(services, asked);
        Console.WriteLine(MessageText.Heading);
        if (asked.Parameters.Parameter.Any(p => p.Name == "state"))
            return await TellAsync(services, asked);
        foreach (var state in (string[])["refused", "parked"])
        {
            var some = new ParametersEditor(ParametersView.From(asked.Parameters.ToDocument()));
            some.Parameter.Add(Parameter("state", state));
            if (await TellAsync(services, asked with { Parameters = some }) is var code and not 0)
                return code;
        }

        return 0;
    }

    private static async Task<int> TellAsync(IServiceProvider services, Asked asked)
    {
        var query = QueryParameters.Parse("");
        while (true)
        {
            var answer = await AskAsync(services, asked, query);
            if (!answer.IsSuccess)
            {
                foreach (var issue in answer.Issues.Where(i => i.IsError))
                    await Console.Error.WriteLineAsync(issue.Diagnostics);
                return 1;
            }

            var told = ParametersView.From(ResourceDocument.Parse(await BytesOfAsync(answer.Body!)).Value);
            foreach (var parameter in told.Parameter.Where(p => p.Name == "message"))
            {
                if (asked.IsList)
                    Console.WriteLine(MessageText.Row(parameter));
                else
                    await MessageText.WriteAsync(Console.OpenStandardOutput(), parameter, asked.ShowsContent);
            }

            var next = told.Parameter.Where(p => p.Name == "next").Select(p => p.ValueUrl).FirstOrDefault();
            if (next is null)
                return 0;
            query = QueryParameters.Parse(new Uri(next).Query);
        }
    }

    private static async Task<byte[]> BytesOfAsync(FhirContent content)
    {
        using var bytes = new MemoryStream();
        var pipe = PipeWriter.Create(bytes);
        await content.WriteAsync(pipe, CancellationToken.None);
        await pipe.CompleteAsync();
        return bytes.ToArray();
    }

    /// <summary>As a client would ask for it over HTTP.</summary>
    private static async Task<FhirResponse> AskAsync(IServiceProvider services, Asked asked, QueryParameters query)
    {
        var definitions = services.GetRequiredService<FhirDefinitions>();
        var router = services.GetRequiredService<InteractionRouter>();
        var isNext = query.Count > 0;
        var request = new InteractionRequest
        {
            BaseUrl = services.GetRequiredService<OwnAddress>().Base.AbsoluteUri.TrimEnd('/'),
            Budget = new WorkBudget(definitions.Limits.Work, CancellationToken.None),
            Method = isNext ? "GET" : "POST",
            Query = query,
            Body = isNext ? default : asked.Parameters.ToUtf8Json(),
        };
        if (
            !router.Locate([asked.Operation]).TryGet(out var address, out var failure)
            || !address.Find(request.Method).TryGet(out var route, out failure)
            || !router.Parse(route.Definition, request).TryGet(out var interaction, out failure)
        )
            return failure;
        return await services.GetRequiredService<CareSessions>().SendAsync(Asking, interaction, CancellationToken.None);
    }
}
