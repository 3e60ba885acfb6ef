using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>A node that stands still with the write lock in its hands does not hold up the others.</summary>
public sealed class StandstillTests
{
    /// <summary>Far longer than the parts of this that the store waits for others.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_process_that_is_paused_inside_its_transaction_is_passed_by_and_goes_on_where_it_was()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = CommandTimeout });
        using var other = OtherNode.Start(database.Options);
        await other.UntilAsync(100);

        for (var round = 0; round < 3; round++)
        {
            await PauseInsideTransactionAsync(database.Options, other);
            var passed = await store
                .OneAsync(Given.Put($"Patient/passed-{round}"))
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(ChangeOutcome.Created, passed.Outcome);

            var before = other.Acknowledged.Count;
            other.Resume();
            await other.UntilAsync(before + 100);
        }

        var acknowledged = await other.KillAsync();
        foreach (var id in acknowledged.SkipLast(1))
            Assert.Equal(1, (await store.ReadAsync(Given.Key($"Patient/{id}"), default))?.Version);
        var versions = (await store.HistoryAsync(new HistoryQuery("Patient", null, 0), default)).Total;
        Assert.Equal(versions, (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    [Fact]
    public async Task A_session_that_the_server_does_not_end_is_ended_by_those_who_wait()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = CommandTimeout });
        await using var silent = new NpgsqlConnection(database.Options.ConnectionString + ";Pooling=false");
        await silent.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = silent.CreateCommand();
        command.CommandText = """BEGIN; UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + 1000""";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await EventuallyStoredAsync(store, "Patient/a");

        command.CommandText = "COMMIT";
        var ended = await Assert.ThrowsAnyAsync<NpgsqlException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal("57P01", (ended as PostgresException)?.SqlState ?? "57P01");
        Assert.Equal(1, (await store.ReadAsync(Given.Key("Patient/a"), default))!.Value.Sequence);
    }

    [Fact]
    public async Task So_is_one_that_has_sent_half_of_what_it_had_to_say()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = CommandTimeout });
        using var half = await HalfSaid.SayAsync(
            database.Options.ConnectionString,
            """UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + 1000"""
        );

        await EventuallyStoredAsync(store, "Patient/a");

        Assert.Equal(1, (await store.ReadAsync(Given.Key("Patient/a"), default))!.Value.Sequence);
    }

    [Fact]
    public async Task A_node_that_works_for_long_is_waited_for_and_those_who_wait_are_told_in_time()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = TimeSpan.FromSeconds(3) });
        await using var busy = new NpgsqlConnection(database.Options.ConnectionString + ";Pooling=false");
        await busy.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = busy.CreateCommand();
        command.CommandText = """BEGIN; UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + 1000""";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        command.CommandText = "SELECT pg_sleep(600)";
        using var enough = new CancellationTokenSource();
        var working = command.ExecuteNonQueryAsync(enough.Token);

        var writes = Enumerable.Range(0, 20).Select(i => store.OneAsync(Given.Put($"Patient/{i}"))).ToList();
        foreach (var write in writes)
        {
            var told = await Assert
                .ThrowsAsync<StoreUnavailableException>(() => write)
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal(
                "Another process holds up all changes of the database. Nothing was stored; try again in a few seconds.",
                told.Message
            );
        }

        Assert.False(working.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a"))).Outcome);
    }

    [Fact]
    public async Task A_process_that_holds_a_Sqlite_file_is_told_of_in_time()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = TimeSpan.FromSeconds(2) });
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection(
            database.Options.ConnectionString + ";Pooling=false"
        );
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var told = await Assert
            .ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")))
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.StartsWith("Another process holds up all changes", told.Message, StringComparison.Ordinal);
        Assert.Equal(StoreHealth.Ready, await store.HealthAsync(default));
        command.CommandText = "ROLLBACK";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/a"))).Outcome);
    }

    private static async Task EventuallyStoredAsync(ResourceStore store, string reference)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await store.OneAsync(Given.Put(reference)).WaitAsync(Patience, TestContext.Current.CancellationToken);
                return;
            }
            catch (StoreUnavailableException) when (attempt < 5)
            {
                // It takes longer to be sure of one that has sent half of a statement.
            }
        }
    }

    /// <summary>Pauses the other node again and again until it has the write lock then.</summary>
    private static async Task PauseInsideTransactionAsync(StorageOptions options, OtherNode other)
    {
        await using var source = NpgsqlDataSource.Create(options.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(
            """
            SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'
            """
        );
        while (true)
        {
            other.Pause();
            // What the server has under way for it comes to its end first.
            await Task.Delay(50, TestContext.Current.CancellationToken);
            if ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0)
                return;
            other.Resume();
            await Task.Delay(Random.Shared.Next(20), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A process that writes without an end and tells what was acknowledged.</summary>
    private sealed class OtherNode : IDisposable
    {
        private readonly Process _process;
        private readonly Task _reading;

        private OtherNode(Process process)
        {
            _process = process;
            _reading = Task.Run(async () =>
            {
                while (await process.StandardOutput.ReadLineAsync() is { } id)
                {
                    lock (Acknowledged)
                        Acknowledged.Add(id);
                }
            });
        }

        public List<string> Acknowledged { get; } = [];

        public static OtherNode Start(StorageOptions options)
        {
            var program = Path.Combine(AppContext.BaseDirectory, "CareCoordination.Storage.CrashWriter.dll");
            var start = new ProcessStartInfo(
                "dotnet",
                [program, options.Provider.ToString(), options.ConnectionString, $"{CommandTimeout.TotalSeconds}"]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            return new OtherNode(Process.Start(start)!);
        }

        public async Task UntilAsync(int count)
        {
            for (var waited = 0; ; waited++)
            {
                lock (Acknowledged)
                {
                    if (Acknowledged.Count >= count)
                        return;
                }

                Assert.False(_process.HasExited, "The other node has ended.");
                Assert.True(waited < 1200, "The other node does not go on.");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        public void Pause() => Signal("STOP");

        public void Resume() => Signal("CONT");

        public async Task<List<string>> KillAsync()
        {
            _process.Kill();
            await _reading;
            return Acknowledged;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }

        private void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
            kill.WaitForExit();
        }
    }

    /// <summary>
    /// A client that has sent a statement and not the end of what it has to say: the server waits for more of it, and does not count
    /// it as one that does nothing. https://www.postgresql.org/docs/current/protocol-message-formats.html
    /// </summary>
    private sealed class HalfSaid : IDisposable
    {
        private readonly TcpClient _client = new();

        public static async Task<HalfSaid> SayAsync(string connectionString, string statement)
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            var half = new HalfSaid();
            await half._client.ConnectAsync(builder.Host!, builder.Port);
            await half.SendAsync(
                null,
                [
                    0,
                    3,
                    0,
                    0,
                    .. Text("user"),
                    .. Text(builder.Username!),
                    .. Text("database"),
                    .. Text(builder.Database!),
                    0,
                ]
            );
            await half.UntilAsync('Z');
            await half.SendAsync('Q', Text("BEGIN"));
            await half.UntilAsync('Z');
            await half.SendAsync('P', [0, .. Text(statement), 0, 0]);
            await half.SendAsync('B', [0, 0, 0, 0, 0, 0, 0, 0]);
            await half.SendAsync('E', [0, 0, 0, 0, 0]);
            await half.SendAsync('H', []);
            await half.UntilAsync('C');
            return half;
        }

        public void Dispose() => _client.Dispose();

        private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

        private async Task SendAsync(char? kind, byte[] content)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, content.Length + 4);
            byte[] message = kind is { } letter ? [(byte)letter, .. length, .. content] : [.. length, .. content];
            await _client.GetStream().WriteAsync(message, TestContext.Current.CancellationToken);
        }

        private async Task UntilAsync(char kind)
        {
            var head = new byte[5];
            do
            {
                await _client.GetStream().ReadExactlyAsync(head, TestContext.Current.CancellationToken);
                Assert.NotEqual('E', (char)head[0]);
                var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
                await _client.GetStream().ReadExactlyAsync(rest, TestContext.Current.CancellationToken);
            } while (head[0] != kind);
        }
    }
}
