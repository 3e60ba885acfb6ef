using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using CareCoordination.HospitalSimulator.Checks;
using CareCoordination.HospitalSimulator.Doors;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator;

/// <summary>A day of a hospital, told to a server, and what came of it.</summary>
public sealed class Simulation(SimulationOptions options, TextWriter output) : IDisposable
{
    /// <summary>All is as it should be.</summary>
    public const int Right = 0;

    /// <summary>Something was refused, or the server holds something else than the ledger.</summary>
    public const int Different = 1;

    /// <summary>The server is not there, or does not take what would be sent.</summary>
    public const int NotThere = 2;

    /// <summary>Stopped before all was told, as a program is by Ctrl+C.</summary>
    public const int Stopped = 130;

    private const int MostTries = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Wards _wards = new(options);
    private readonly Pace _pace = new(options.Rate);
    private readonly List<string> _refused = [];
    private int _sent;
    private int _all;

    /// <summary>What is told on a day, patient by patient.</summary>
    public static ImmutableArray<PatientDay> Script(SimulationOptions options) =>
        [.. Enumerable.Range(0, options.Patients).Select(i => DayScript.Of(options, i))];

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            if (await _wards.WhyNotAsync(stop) is { } problem)
            {
                await output.WriteLineAsync(problem);
                return NotThere;
            }

            var days = Script(options);
            _all = days.Sum(d => d.Told.Sum(t => t.Times));
            await TellAllAsync(days, stop);
            await output.WriteLineAsync(Progress());
            foreach (var refused in _refused.Take(20))
                await output.WriteLineAsync(refused);
            var found = await new LedgerCheck(_wards, options).RunAsync(days, stop);
            return LedgerTable.Write(output, found) && _refused.Count == 0 ? Right : Different;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.WriteLineAsync(
                $"Stopped. {Progress()} The same seed tells the same: run it again, and what was told already changes nothing."
            );
            return Stopped;
        }
    }

    public void Dispose() => _wards.Dispose();

    /// <summary>The patients in turn; what is told of one is told in its order.</summary>
    private async Task TellAllAsync(ImmutableArray<PatientDay> days, CancellationToken stop)
    {
        var waiting = Channel.CreateUnbounded<PatientDay>();
        foreach (var day in days)
            waiting.Writer.TryWrite(day);
        waiting.Writer.Complete();
        var telling = Task.WhenAll(Enumerable.Range(0, options.AtOnce).Select(_ => TellAsync(waiting.Reader, stop)));
        while (await Task.WhenAny(telling, Task.Delay(TimeSpan.FromSeconds(2), stop)) != telling)
        {
            stop.ThrowIfCancellationRequested();
            await output.WriteLineAsync(Progress());
        }

        await telling;
    }

    private async Task TellAsync(ChannelReader<PatientDay> waiting, CancellationToken stop)
    {
        await foreach (var day in waiting.ReadAllAsync(stop))
        {
            foreach (var told in day.Told)
            {
                await _pace.WaitAsync(told.Times, stop);
                await Task.WhenAll(Enumerable.Range(0, told.Times).Select(_ => TellAsync(told, stop)));
            }
        }
    }

    private async Task TellAsync(Told told, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var reply = await _wards.TellAsync(told, stop);
            Interlocked.Increment(ref _sent);
            if (reply.IsTaken)
                return;
            if (!reply.MayBeSentAgain || tries == MostTries)
            {
                lock (_refused)
                    _refused.Add($"{told.Id} {told.What} by {told.Door}: {reply.Sentence}");
                return;
            }

            Interlocked.Decrement(ref _sent);
            await Task.Delay(Pause * tries, stop);
        }
    }

    private string Progress() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Volatile.Read(ref _sent)} of {_all} messages told, {_refused.Count} not taken."
        );
}
