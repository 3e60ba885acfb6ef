using CareCoordination.Analytics.Diagnostics;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

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
    private readonly PolicyTables _policies;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal OutcomeTables(
        AnalyticsOptions options,
        MirrorTables tables,
        CareSessions sessions,
        CalendarDays calendar,
        PolicyTables policies,
        TimeProvider time,
        ILogger<OutcomeTables> log
    )
    {
        (_options, _tables, _sessions, _calendar, _policies, _time, _log) = (
            options,
            tables,
            sessions,
            calendar,
            policies,
            time,
            log
        );
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

    /// <summary>The file, or the engine that has it open, is of no further use.</summary>
    private volatile bool _isBroken;

    /// <summary>What was said last of the file: it is logged once, and not at each look.</summary>
    private string? _said;

    public TimeZoneInfo Zone => _calendar.Zone;

    /// <summary>Ends when somebody has asked.</summary>
    public Task Wanted => _wanted.Task;

    /// <summary>
    /// Takes in all that was stored until now, or as much as there is time for. Throws <see cref="TablesUnavailableException"/> where the file
    /// cannot be used.
    /// </summary>
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
                if (_isBroken)
                    await DropAsync(cancellationToken);
                var file = OfFile(() => _file ??= MirrorFile.Open(_options, _tables, _calendar, _policies));
                if (await NextAsync(file, cancellationToken) is not { } page)
                {
                    Log.WentBack(_log);
                    await DropAsync(cancellationToken);
                    continue;
                }

                target ??= page.Last;
                TakeIn(file, page);
                if (file.Sequence >= target || page.Changes.IsEmpty)
                    return null;
                if (_time.GetElapsedTime(start) > limit)
                    return new TablesProgress(file.Sequence, page.Last);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>
    /// The changes behind the last one that is in the tables; null where the database has another one in its place: it went back to a backup,
    /// and may have gone on from there.
    /// </summary>
    private async Task<ChangesPage?> NextAsync(MirrorFile file, CancellationToken cancellationToken)
    {
        if (file.Sequence == 0)
            return await ChangesAsync(0, cancellationToken);
        var page = await ChangesAsync(file.Sequence - 1, cancellationToken);
        if (page.Changes.IsEmpty || !file.IsLast(page.Changes[0].Resource))
            return null;
        // One that is large comes alone.
        return page.Changes.Length == 1 && page.Last > file.Sequence
            ? await ChangesAsync(file.Sequence, cancellationToken)
            : page with
            {
                Changes = page.Changes[1..],
            };
    }

    private void TakeIn(MirrorFile file, ChangesPage page)
    {
        var before = file.Problems;
        OfFile(() =>
        {
            file.Apply(page.Changes);
            return true;
        });
        _said = null;
        if (file.Problems > before)
            Log.NotShown(_log, file.Problems - before);
    }

    /// <summary>Does something with the file; what keeps it from being done is said as what can be done about it.</summary>
    private T OfFile<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DuckDBException || EngineTrouble.Is(e))
        {
            throw Unusable(e);
        }
    }

    private TablesUnavailableException Unusable(Exception e)
    {
        _isBroken |= EngineTrouble.IsBroken(e);
        var sentence = EngineTrouble.Say(e);
        if (Interlocked.Exchange(ref _said, sentence) != sentence)
            Log.TablesUnusable(_log, e, sentence);
        return new TablesUnavailableException(sentence, e);
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
        try
        {
            if (await FollowAsync(Patience, cancellationToken) is { } behind)
                return Failure.Unavailable(
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
        catch (TablesUnavailableException e)
        {
            return Failure.Unavailable(e.Message);
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
            OfFile(() => _file ??= MirrorFile.Open(_options, _tables, _calendar, _policies));
            await DropAsync(cancellationToken);
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
            return Failure.Unavailable("The tables of outcomes are being made anew. Ask again.");
        using var reader = OfFile(() => file.OpenReader(isShared));
        try
        {
            return ask(reader, limit.Token);
        }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsOfFile(e))
                throw Unusable(e);
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

    /// <summary>A question that needs more memory than there is may be asked otherwise; the rest of such trouble is not of the question.</summary>
    private static bool IsOfFile(Exception e) =>
        EngineTrouble.Is(e) && e is not DuckDBException { ErrorType: DuckDBErrorType.OutOfMemory };

    /// <summary>Throws the file away when the questions that are being answered from it have been: the engine is shared with them.</summary>
    private async Task DropAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        try
        {
            for (; taken < _options.Queries; taken++)
                await _questions.WaitAsync(cancellationToken);
            _file?.Dispose();
            _file = null;
            OfFile(() =>
            {
                MirrorFile.Delete(_options.File);
                return true;
            });
            _isBroken = false;
        }
        finally
        {
            if (taken > 0)
                _questions.Release(taken);
        }
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
