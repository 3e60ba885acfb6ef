using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// The tables of outcomes of this node. They follow the change sequence: a question is answered from tables that have everything that was
/// stored before it was asked, or not at all.
/// </summary>
public sealed class OutcomeTables : IDisposable
{
    private readonly AnalyticsOptions _options;
    private readonly MirrorTables _tables;
    private readonly CareSessions _sessions;
    private readonly CalendarDays _calendar;
    private readonly TimeProvider _time;

    internal OutcomeTables(
        AnalyticsOptions options,
        MirrorTables tables,
        CareSessions sessions,
        CalendarDays calendar,
        TimeProvider time
    )
    {
        (_options, _tables, _sessions, _calendar, _time) = (options, tables, sessions, calendar, time);
        _questions = new SemaphoreSlim(_options.Queries);
    }

    private const int PageSize = 2_000;

    private static readonly Caller Self = Caller.Job("outcomes");

    /// <summary>How long a question waits for tables that are behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _questions;
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MirrorFile? _file;

    public TimeZoneInfo Zone => _calendar.Zone;

    /// <summary>Ends when somebody has asked.</summary>
    public Task Wanted => _wanted.Task;

    /// <summary>Takes in all that was stored until now, or as much as there is time for.</summary>
    /// <returns>Null: all of it; else how far it is.</returns>
    public async Task<TablesProgress?> FollowAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        long? target = null;
        while (true)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                _file ??= MirrorFile.Open(_options, _tables, _calendar);
                var page = await ChangesAsync(_file.Sequence, cancellationToken);
                if (page.Last < _file.Sequence)
                {
                    // The database is of another time than the tables.
                    Drop();
                    continue;
                }

                target ??= page.Last;
                _file.Apply(page.Changes);
                if (_file.Sequence >= target || page.Changes.IsEmpty)
                    return null;
                if (_time.GetElapsedTime(start) > limit)
                    return new TablesProgress(_file.Sequence, page.Last);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>Asks the tables, which have all that was stored when it was asked. 503 where they are far behind, 422 where the SQL fails.</summary>
    public async Task<Result<T>> AskAsync<T>(
        Func<DuckDBConnection, CancellationToken, Result<T>> ask,
        CancellationToken cancellationToken,
        bool isShared = false
    )
    {
        if (!_options.IsEnabled)
            return Failure.From(
                501,
                IssueCode.NotSupported,
                "Outcomes are switched off here: set Analytics:Enabled to true."
            );
        _wanted.TrySetResult();
        if (await FollowAsync(Patience, cancellationToken) is { } behind)
            return Failure.From(
                503,
                IssueCode.Transient,
                $"The tables of outcomes are being filled: {behind.Percent} % of the changes are in them. Ask again."
            );
        await _questions.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Ask(ask, isShared, cancellationToken), CancellationToken.None);
        }
        finally
        {
            _questions.Release();
        }
    }

    /// <summary>When the last change was made that is in the tables; null: there is none.</summary>
    public DateTimeOffset? AsOf => _file?.AsOf;

    /// <summary>Throws the tables away, and fills them from what is stored.</summary>
    /// <param name="report">Hears how far it is, about every second.</param>
    public async Task RebuildAsync(Action<TablesProgress> report, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _file ??= MirrorFile.Open(_options, _tables, _calendar);
            Drop();
        }
        finally
        {
            _turn.Release();
        }

        await FillAsync(report, cancellationToken);
    }

    /// <summary>Takes in all that was stored until now, however long it takes; one that was stopped goes on where it was.</summary>
    /// <param name="report">Hears how far it is, about every second.</param>
    public async Task FillAsync(Action<TablesProgress> report, CancellationToken cancellationToken)
    {
        while (await FollowAsync(TimeSpan.FromSeconds(1), cancellationToken) is { } progress)
            report(progress);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _turn.Dispose();
        _questions.Dispose();
    }

    private Result<T> Ask<T>(
        Func<DuckDBConnection, CancellationToken, Result<T>> ask,
        bool isShared,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.QueryTime);
        if (_file is not { } file)
            return Failure.From(503, IssueCode.Transient, "The tables of outcomes are being made anew. Ask again.");
        using var reader = file.OpenReader(isShared);
        try
        {
            return ask(reader, limit.Token);
        }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested
                ? Failure.Unprocessable(
                    IssueCode.TooCostly,
                    $"The question took longer than {_options.QueryTime.TotalSeconds:0} seconds (Analytics:QuerySeconds): ask for less at once."
                )
                : Failure.Unprocessable(IssueCode.Invalid, FirstLine(e.Message));
        }
    }

    /// <summary>What the engine says of the SQL; the lines after it repeat the statement.</summary>
    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];

    private void Drop()
    {
        _file!.Dispose();
        _file = null;
        MirrorFile.Delete(_options.File);
    }

    private async Task<ChangesPage> ChangesAsync(long after, CancellationToken cancellationToken)
    {
        await using var session = _sessions.Open(Self);
        return await session.Get<ReadGate>().ChangesAsync(new ChangesQuery(after, PageSize), cancellationToken);
    }
}

/// <summary>How far the tables are.</summary>
public sealed record TablesProgress(long Sequence, long Last)
{
    public int Percent => Last == 0 ? 100 : (int)(Sequence * 100 / Last);
}
