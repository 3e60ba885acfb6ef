using CareCoordination.Application.Retention;
using CareCoordination.Application.Writes;
using CareCoordination.Exchange.Sending;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Sending;

/// <summary>
/// The outbox and its worker with topics that are not referrals: what is queued is sent, tried again, parked, called off and removed by
/// the same rules, and no topic or destination holds up another.
/// </summary>
public abstract class OtherTopicTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
    private readonly NoticeTopic _notices = new("notice");
    private TestServer _server = null!;
    private Outbox _outbox = null!;

    public sealed class OnSqlite : OtherTopicTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            TestServer.OnSqliteAsync(time, settings);
    }

    public sealed class OnPostgreSql : OtherTopicTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            PostgreSqlServer.NewAsync(time, settings);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(
            _clock,
            "--Care:Retention:Enabled=false",
            "--Deliveries:Polling=false",
            "--Deliveries:ScanSeconds=1",
            "--Deliveries:StopSeconds=0"
        );
        _outbox = new Outbox(_server);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync(TimeProvider time, params string[] settings);

    [Fact]
    public async Task A_message_is_built_from_what_is_stored_when_it_leaves()
    {
        var patient = await PatientAsync();
        var id = await _outbox.QueueAsync("notice", "ward-7", patient);
        (await _server.PutAsync(patient, Given.Patient(patient.Split('/')[1], "Renamed"))).ShouldBe(200);
        await using var node = await Node.StartAsync(_server, _notices);

        await _outbox.UntilAsync(id, MessageState.Delivered);

        var notice = Assert.Single(_notices.Sent);
        Assert.Equal(("ward-7", id), (notice.Ward, notice.Message));
        Assert.Contains("Renamed", notice.Patient, StringComparison.Ordinal);
        await Wait.UntilAsync(() => Task.FromResult(_notices.Wards.Noted.Count == 1), "the attempt is noted");
        Assert.Equal(["ward-7"], _notices.Wards.Noted);
        var message = await _outbox.FindAsync(id);
        Assert.Equal((1, null, null, null), (message.Attempts, message.Lease, message.NextAt, message.About));
    }

    [Fact]
    public async Task What_follows_from_an_attempt_is_written_with_its_state()
    {
        var patient = await PatientAsync();
        _notices.Answer = (message, _) =>
            Task.FromResult(
                new Settlement(_ =>
                    ValueTask.FromResult(
                        new WriteSet
                        {
                            Outbox =
                            [
                                new SettleMessage(message.Id, message.Lease!, MessageState.Delivered),
                                new EnqueueMessage(
                                    $"{message.Id[..20]}-next",
                                    "receipt",
                                    "office",
                                    message.Subject,
                                    MessageKind.Send
                                ),
                            ],
                        }
                    )
                )
            );
        await using var node = await Node.StartAsync(_server, _notices);
        var id = await _outbox.QueueAsync("notice", "ward-7", patient);

        await _outbox.UntilAsync(id, MessageState.Delivered);

        Assert.Equal("office", Assert.Single(await _outbox.AllAsync("receipt")).Destination);
    }

    [Fact]
    public async Task What_has_nothing_to_say_any_more_is_settled_without_being_sent()
    {
        var id = await _outbox.QueueAsync("notice", "ward-7", $"Patient/{Given.Id("gone")}");
        await using var node = await Node.StartAsync(_server, _notices);

        await _outbox.UntilAsync(id, MessageState.Superseded);

        Assert.Empty(_notices.Sent);
        Assert.Equal("The patient is not here any more.", (await _outbox.FindAsync(id)).Problem);
    }

    [Fact]
    public async Task A_mistake_of_a_topic_is_tried_again_later_and_says_nothing_of_what_went_wrong()
    {
        var attempts = 0;
        _notices.Answer = (message, _) =>
            Interlocked.Increment(ref attempts) == 1
                ? throw new InvalidOperationException("Doe, Jane")
                : Task.FromResult(NoticeTopic.Settled(message, MessageState.Delivered));
        await using var node = await Node.StartAsync(_server, _notices);
        var id = await _outbox.QueueAsync("notice", "ward-7", await PatientAsync());

        await _outbox.UntilAsync(id, MessageState.Retry);
        var failed = await _outbox.FindAsync(id);
        Assert.Equal("Something unexpected went wrong here; the log has this delivery's id.", failed.Problem);
        Assert.InRange(failed.NextAt!.Value - failed.ChangedAt, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await _outbox.UntilAsync(id, MessageState.Delivered);
        Assert.Equal(2, (await _outbox.FindAsync(id)).Attempts);
        Assert.Equal([id, id], _notices.Sent.Select(n => n.Message));
    }

    [Fact]
    public async Task A_parked_message_holds_back_those_about_the_same_subject_and_no_others()
    {
        var (held, free) = (await PatientAsync(), await PatientAsync());
        _notices.Answer = (message, _) =>
            Task.FromResult(
                message.Subject.ToString() == held
                    ? NoticeTopic.Settled(message, MessageState.Parked, "Nobody reads notices there.")
                    : NoticeTopic.Settled(message, MessageState.Delivered)
            );
        await using var node = await Node.StartAsync(_server, _notices);
        var parked = await _outbox.QueueAsync("notice", "ward-7", held);
        await _outbox.UntilAsync(parked, MessageState.Parked);

        var behind = await _outbox.QueueAsync("notice", "ward-7", held, MessageKind.Update);
        var elsewhere = await _outbox.QueueAsync("notice", "ward-8", held);
        var other = await _outbox.QueueAsync("notice", "ward-7", free);

        await _outbox.UntilAsync(other, MessageState.Delivered);
        await _outbox.UntilAsync(elsewhere, MessageState.Parked);
        Assert.Equal(MessageState.Queued, (await _outbox.FindAsync(behind)).State);

        // Called off: what was parked ends, and what waited behind it is replaced.
        var off = await _outbox.QueueAsync("notice", "ward-7", held, MessageKind.Cancel);
        await _outbox.UntilAsync(off, MessageState.Parked);
        Assert.Equal(MessageState.Dead, (await _outbox.FindAsync(parked)).State);
        Assert.Equal(MessageState.Superseded, (await _outbox.FindAsync(behind)).State);
    }

    [Fact]
    public async Task Nodes_that_share_an_outbox_send_each_message_once()
    {
        var patients = new List<string>();
        for (var i = 0; i < 12; i++)
            patients.Add(await PatientAsync());
        await using var one = await Node.StartAsync(_server, _notices);
        await using var two = await Node.StartAsync(_server, _notices);
        await using var three = await Node.StartAsync(_server, _notices);

        var ids = new List<string>();
        foreach (var ward in new[] { "ward-1", "ward-2", "ward-3" })
        foreach (var patient in patients)
            ids.Add(await _outbox.QueueAsync("notice", ward, patient));

        foreach (var id in ids)
            await _outbox.UntilAsync(id, MessageState.Delivered);
        Assert.Equal(ids.Order(), _notices.Sent.Select(n => n.Message).Order());
    }

    [Fact]
    public async Task A_node_that_stops_gives_back_what_it_has_not_sent_and_another_goes_on()
    {
        var begun = new TaskCompletionSource();
        var stopping = new NoticeTopic("notice")
        {
            Answer = async (_, token) =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                throw new InvalidOperationException("It never comes so far.");
            },
        };
        var id = await _outbox.QueueAsync("notice", "ward-7", await PatientAsync());
        await using (await Node.StartAsync(_server, stopping))
            await begun.Task;

        var given = await _outbox.FindAsync(id);
        Assert.Equal(
            (MessageState.Queued, 1, null, "The node stopped while it was sending."),
            (given.State, given.Attempts, given.Lease, given.Problem)
        );
        await using var node = await Node.StartAsync(_server, _notices);
        await _outbox.UntilAsync(id, MessageState.Delivered);
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("throws")]
    [InlineData("destinations throw")]
    [InlineData("destinations are closed")]
    public async Task A_topic_that_is_in_trouble_does_not_hold_up_another(string trouble)
    {
        var hold = new TaskCompletionSource();
        var troubled = new NoticeTopic("alert")
        {
            Answer = async (message, token) =>
            {
                if (trouble == "throws")
                    throw new InvalidOperationException("a mistake");
                await hold.Task.WaitAsync(token);
                return NoticeTopic.Settled(message, MessageState.Delivered);
            },
        };
        troubled.Wards.Admit = _ =>
            trouble switch
            {
                "destinations throw" => throw new InvalidOperationException("a mistake"),
                "destinations are closed" => new Admission(0),
                _ => new Admission(100),
            };
        var patient = await PatientAsync();
        var alerts = new List<string>();
        for (var i = 0; i < 70; i++)
            alerts.Add(await _outbox.QueueAsync("alert", "ward-7", $"Patient/{await AnotherAsync()}"));
        await using var node = await Node.StartAsync(_server, troubled, _notices);

        var id = await _outbox.QueueAsync("notice", "ward-7", patient);
        await _outbox.UntilAsync(id, MessageState.Delivered);

        foreach (var alert in alerts)
            Assert.NotEqual(MessageState.Delivered, (await _outbox.FindAsync(alert)).State);
        hold.SetResult();
    }

    [Fact]
    public async Task A_destination_that_is_closed_is_sent_to_once_it_opens()
    {
        _notices.Wards.Admit = _ => new Admission(0);
        await using var node = await Node.StartAsync(_server, _notices);
        var id = await _outbox.QueueAsync("notice", "ward-7", await PatientAsync());
        await Wait.AMomentAsync();
        Assert.Equal((MessageState.Queued, 0), Of(await _outbox.FindAsync(id)));

        _notices.Wards.Admit = _ => new Admission(1);
        await _outbox.UntilAsync(id, MessageState.Delivered);
    }

    [Fact]
    public async Task No_more_are_claimed_than_the_destination_has_room_for()
    {
        var hold = new TaskCompletionSource();
        _notices.Wards.Admit = _ => new Admission(3);
        _notices.Answer = async (message, token) =>
        {
            await hold.Task.WaitAsync(token);
            return NoticeTopic.Settled(message, MessageState.Delivered);
        };
        var ids = new List<string>();
        for (var i = 0; i < 9; i++)
            ids.Add(await _outbox.QueueAsync("notice", "ward-7", $"Patient/{await AnotherAsync()}"));
        await using var node = await Node.StartAsync(_server, _notices);
        await Wait.UntilAsync(() => Task.FromResult(_notices.Sent.Count == 3), "three are under way");
        await Wait.AMomentAsync();

        Assert.Equal(ids[..3].Order(), _notices.Sent.Select(n => n.Message).Order());
        hold.SetResult();
        foreach (var id in ids)
            await _outbox.UntilAsync(id, MessageState.Delivered);
    }

    [Fact]
    public async Task Messages_of_any_topic_are_removed_when_they_are_done_with_and_their_time_is_over()
    {
        var (done, stuck) = (await PatientAsync(), await PatientAsync());
        _notices.Answer = (message, _) =>
            Task.FromResult(
                NoticeTopic.Settled(
                    message,
                    message.Subject.ToString() == stuck ? MessageState.Parked : MessageState.Delivered
                )
            );
        await using var node = await Node.StartAsync(_server, _notices);
        var delivered = await _outbox.QueueAsync("notice", "ward-7", done);
        var parked = await _outbox.QueueAsync("notice", "ward-7", stuck);
        await _outbox.UntilAsync(delivered, MessageState.Delivered);
        await _outbox.UntilAsync(parked, MessageState.Parked);
        var sweep = _server.Services.GetRequiredService<RetentionSweep>();

        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await sweep.RunAsync(default)).Messages);
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await sweep.RunAsync(default)).Messages);

        Assert.Equal([parked], (await _outbox.AllAsync("notice")).Select(m => m.Id));
    }

    private static (MessageState, int) Of(OutboxMessage message) => (message.State, message.Attempts);

    private async Task<string> PatientAsync() => $"Patient/{await AnotherAsync()}";

    private async Task<string> AnotherAsync()
    {
        var id = Given.Id("p");
        (await _server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        return id;
    }
}
