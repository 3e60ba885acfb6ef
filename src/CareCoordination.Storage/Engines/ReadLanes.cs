namespace CareCoordination.Storage.Engines;

/// <summary>How much a read may take.</summary>
internal enum ReadKind
{
    /// <summary>A few rows by their key: next to no time.</summary>
    ByKey,

    /// <summary>Whatever a client asks for: anything from a millisecond to the time limit.</summary>
    Search,
}

/// <summary>
/// Who may read now and who waits. More reads at once than the database has cores for only hinder each other, so the rest waits
/// here. Searches never get the last lanes: a read by key finds one however many searches there are, and the other way round.
/// </summary>
/// <param name="lanes">Reads at once.</param>
/// <param name="patience">
/// Once the first search in the queue has waited this long, further ones are turned away: they would only come to their time limit
/// in the queue. A long queue that moves is none.
/// </param>
internal sealed class ReadLanes(int lanes, TimeSpan patience, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Line _byKey = new(lanes > 1 ? lanes - 1 : 1);
    private readonly Line _searches = new(lanes > 1 ? lanes - Math.Max(1, lanes / 4) : 1);
    private readonly int _lanes = lanes;
    private int _free = lanes;
    private TaskCompletionSource? _held;

    /// <summary>Waits for a lane. Throws <see cref="StoreUnavailableException"/> where too much waits already.</summary>
    public ValueTask EnterAsync(ReadKind kind, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var line = Of(kind);
            if (line.IsEmpty && CanEnter(line))
            {
                Enter(line);
                return ValueTask.CompletedTask;
            }

            if (kind == ReadKind.Search && line.FirstSince is { } since && time.GetElapsedTime(since) > patience)
                throw Faults.TooManyWait();
            return new ValueTask(line.WaitAsync(time.GetTimestamp(), cancellationToken));
        }
    }

    /// <summary>Somebody is inside.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
                return _free < _lanes;
        }
    }

    public void Leave(ReadKind kind)
    {
        lock (_gate)
        {
            Of(kind).Inside--;
            _free++;
            TellHolder();
            Admit();
        }
    }

    /// <summary>Lets no search begin until <see cref="Release"/>; those that run go on. Ends when none does any more.</summary>
    public Task HoldAsync()
    {
        lock (_gate)
        {
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TellHolder();
            return _held.Task;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _held = null;
            Admit();
        }
    }

    private Line Of(ReadKind kind) => kind == ReadKind.ByKey ? _byKey : _searches;

    private bool CanEnter(Line line) =>
        _free > 0 && line.Inside < line.Most && (_held is null || !ReferenceEquals(line, _searches));

    private void Enter(Line line)
    {
        line.Inside++;
        _free--;
    }

    private void TellHolder()
    {
        if (_searches.Inside == 0)
            _held?.TrySetResult();
    }

    private void Admit()
    {
        // Reads by key first: each is over at once, and searches have lanes that these cannot take.
        foreach (var line in (ReadOnlySpan<Line>)[_byKey, _searches])
        {
            while (CanEnter(line) && line.TryCallFirst())
                Enter(line);
        }
    }

    /// <summary>The reads of one kind: those inside, and the queue of those that wait.</summary>
    private sealed class Line(int most)
    {
        private readonly Queue<Waiting> _queue = new();

        public int Most => most;

        public int Inside { get; set; }

        public bool IsEmpty => First() is null;

        public long? FirstSince => First()?.Since;

        public Task WaitAsync(long since, CancellationToken cancellationToken)
        {
            var waiting = new Waiting(since);
            waiting.GiveUpOn(cancellationToken);
            _queue.Enqueue(waiting);
            return waiting.Task;
        }

        /// <summary>False where nobody waits.</summary>
        public bool TryCallFirst()
        {
            while (_queue.TryDequeue(out var first))
            {
                if (first.TryCall())
                    return true;
            }

            return false;
        }

        private Waiting? First()
        {
            while (_queue.TryPeek(out var first))
            {
                if (!first.Task.IsCompleted)
                    return first;
                _queue.Dequeue();
            }

            return null;
        }
    }

    private sealed class Waiting(long since) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private CancellationTokenRegistration _registration;

        public long Since => since;

        public void GiveUpOn(CancellationToken cancellationToken) =>
            _registration = cancellationToken.UnsafeRegister(
                static (self, token) => ((Waiting)self!).TrySetCanceled(token),
                this
            );

        public bool TryCall()
        {
            _registration.Unregister();
            return TrySetResult();
        }
    }
}
