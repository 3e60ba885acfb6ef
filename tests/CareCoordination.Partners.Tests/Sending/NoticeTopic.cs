using System.Collections.Concurrent;
using System.Text;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Exchange.Sending;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CareCoordination.Partners.Tests.Sending;

/// <summary>A topic that has nothing to do with referrals: notices about patients, to wards.</summary>
/// <param name="code">Several may be worked on at once.</param>
internal sealed class NoticeTopic(string code)
{
    private readonly ConcurrentQueue<Notice> _sent = new();

    public string Code => code;

    public Wards Wards { get; } = new();

    /// <summary>What became of each notice once it is sent; delivered where nothing else is said.</summary>
    public Func<OutboxMessage, CancellationToken, Task<Settlement>> Answer { get; set; } =
        (message, _) => Task.FromResult(Settled(message, MessageState.Delivered));

    public IReadOnlyList<Notice> Sent => [.. _sent];

    public Topic ToTopic() => new(code, Wards, BuildAsync);

    public static Settlement Settled(OutboxMessage message, MessageState state, string? problem = null) =>
        Settlement.Of(new SettleMessage(message.Id, message.Lease!, state) { Problem = problem });

    private async Task<Built> BuildAsync(
        OpenSession session,
        OutboxMessage message,
        CancellationToken cancellationToken
    )
    {
        if (await session.Get<CareReads>().ReadAsync(message.Subject.ToString(), cancellationToken) is not { } patient)
            return new Built.Settled(Settled(message, MessageState.Superseded, "The patient is not here any more."));
        return new Built.Ready(async token =>
        {
            _sent.Enqueue(new Notice(message.Destination, message.Id, Encoding.UTF8.GetString(patient.Utf8Json.Span)));
            return await Answer(message, token);
        });
    }
}

internal sealed record Notice(string Ward, string Message, string Patient);

internal sealed class Wards : Destinations
{
    private readonly ConcurrentQueue<string> _noted = new();

    public Func<string, Admission> Admit { get; set; } = _ => new Admission(8);

    public IReadOnlyList<string> Noted => [.. _noted];

    public override Caller CallerOf(string destination) => new(CallerKind.Timer, destination);

    public override Task<Admission> AdmitAsync(string destination, CancellationToken cancellationToken) =>
        Task.FromResult(Admit(destination));

    public override Task NoteAsync(string destination)
    {
        _noted.Enqueue(destination);
        return Task.CompletedTask;
    }
}

/// <summary>A node that works on the outbox of a server, for the topics that it is given.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly OutboxWorker _worker;

    private Node(OutboxWorker worker) => _worker = worker;

    public static async Task<Node> StartAsync(TestServer server, params NoticeTopic[] topics)
    {
        var tools = ActivatorUtilities.CreateInstance<QueueTools>(server.Services);
        var worker = new OutboxWorker(
            topics.Select(t => t.ToTopic()),
            tools,
            server.Services.GetRequiredService<IHostApplicationLifetime>(),
            server.Services.GetRequiredService<TimeProvider>()
        );
        await worker.StartAsync(default);
        return new Node(worker);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(default);
        _worker.Dispose();
    }
}

/// <summary>What tests ask of the outbox of a server.</summary>
internal sealed class Outbox(TestServer server)
{
    private OutboxStore Store => server.Services.GetRequiredService<OutboxStore>();

    /// <summary>Queues a message as any commit does: beside whatever else is written.</summary>
    public async Task<string> QueueAsync(
        string topic,
        string destination,
        string subject,
        MessageKind kind = MessageKind.Send
    )
    {
        var id = Guid.CreateVersion7().ToString();
        var key = subject.Split('/');
        var message = new EnqueueMessage(id, topic, destination, new ResourceKey(key[0], key[1]), kind);
        await using var open = server.Services.GetRequiredService<CareSessions>().Open(Caller.Timer);
        var writes = new WriteSet { Outbox = [message] };
        var result = await open.Session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), default);
        Assert.True(result.TryGet(out _, out _));
        return id;
    }

    public async Task<OutboxMessage> FindAsync(string id) => (await Store.FindAsync(id, default))!;

    public Task UntilAsync(string id, MessageState state) =>
        Wait.UntilAsync(async () => (await FindAsync(id)).State == state, $"the message is {state}");

    public async Task<IReadOnlyList<OutboxMessage>> AllAsync(string topic) =>
        (await Store.SearchAsync(new OutboxQuery(500) { Topic = topic }, default)).Messages;
}
